import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider, Spin, theme } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import { useMemo, useState, type ReactNode } from "react";
import { RouterProvider } from "react-router";

import { Problem } from "../api/problem";
import { LoginPage } from "../login/LoginPage";
import { LoadFailed } from "../kit/LoadFailed";
import { LiveProvider } from "../live/live";
import { WorkProvider } from "../phone/work";
import { ActingProvider, useActing } from "./acting";
import { Boundary } from "./Broken";
import { pagesFor } from "./pages";
import { PreferencesProvider, usePreferences } from "./preferences";
import { routerFor } from "./routes";
import { SignedIn, useSession, type Me } from "./session";
import { LEGIBLE_WORDS, PARTS, TOKENS } from "./tokens";

const TRIES = 2;

function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // What the server refuses it refuses again; a lost connection may come back.
        retry: (count, error) => !(error instanceof Problem && error.status < 500) && count < TRIES,
        staleTime: 10_000,
      },
    },
  });
}

export function App(): ReactNode {
  const [queries] = useState(newQueryClient);
  return (
    <PreferencesProvider>
      <QueryClientProvider client={queries}>
        <Look>
          <Boundary>
            <Gate />
          </Boundary>
        </Look>
      </QueryClientProvider>
    </PreferencesProvider>
  );
}

function Look({ children }: { children: ReactNode }): ReactNode {
  const { language, dark } = usePreferences();
  dayjs.locale(language === "zh" ? "zh-cn" : "en");
  return (
    <ConfigProvider
      locale={language === "zh" ? zhCN : enUS}
      theme={{
        token: { ...TOKENS, ...(dark ? LEGIBLE_WORDS.dark : LEGIBLE_WORDS.light) },
        components: dark ? PARTS.dark : PARTS.light,
        algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
      }}
    >
      <AntApp style={{ height: "100%" }}>{children}</AntApp>
    </ConfigProvider>
  );
}

/** The way in: nobody sees a page before the server has said who they are. */
function Gate(): ReactNode {
  const { me, error } = useSession();
  if (me === undefined) {
    return error ? <LoadFailed error={error} /> : <Spin fullscreen />;
  }
  return me === null ? <LoginPage /> : <Inside key={me.id} me={me} />;
}

function Inside({ me }: { me: Me }): ReactNode {
  return (
    <SignedIn me={me}>
      <ActingProvider>
        <LiveProvider>
          <WorkProvider>
            <Pages me={me} />
          </WorkProvider>
        </LiveProvider>
      </ActingProvider>
    </SignedIn>
  );
}

function Pages({ me }: { me: Me }): ReactNode {
  const entered = useActing().enterprise?.id ?? null;
  // In another enterprise everything begins anew: what a page holds is of the one before.
  const router = useMemo(() => routerFor(pagesFor(me, entered !== null)), [me, entered]);
  return <RouterProvider key={entered} router={router} />;
}
