import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from "react";
import { useTranslation } from "react-i18next";

import { api, bodyOf } from "../api/client";
import { Problem } from "../api/problem";
import { useMe } from "../app/session";
import { phone as grouped } from "../kit/format";
import { DiallingProvider } from "../kit/Tel";
import { useUrgentTitle } from "../kit/title";
import { lookAtCall, refreshOwn, useOwnAgent, useOwnCall, useOwnLive, type CallCommand, type OwnAgent, type OwnCall } from "./data";
import { askForNotices, showNotice } from "./notices";
import { Phone, type PhoneSnapshot } from "./phone";

/** What is open above the call: the keypad, or the list to whom it can go. */
export type Panel = "keypad" | "transfer" | null;

/** An agent's work: what they are doing, the call, the phone. */
export interface Work {
  readonly agent: OwnAgent;
  readonly call: OwnCall | null;
  /** I am only present at the call, as a supervisor: it is not mine to command. */
  readonly supervising: boolean;
  /** The latest call that was talked in: what a note after it is about. */
  readonly lastCall: OwnCall | null;
  readonly device: PhoneSnapshot;
  readonly phone: Phone;
  /** Not heard by the caller. */
  readonly muted: boolean;
  readonly panel: Panel;
  readonly setPanel: (panel: Panel) => void;
  readonly be: (state: "ready" | "break" | "offline", reason?: string) => void;
  readonly use: (device: OwnAgent["agent"]["device"]) => void;
  readonly moreWrapUp: (seconds: number) => void;
  readonly command: (command: CallCommand) => Promise<boolean>;
  readonly toggleMute: () => void;
  readonly hangUp: () => void;
  readonly dial: (number: string) => void;
}

const Working = createContext<Work | null>(null);

/** The agent's work for all pages inside; a call goes on while one looks at another page. */
export function WorkProvider({ children }: { children: ReactNode }): ReactNode {
  const agentId = useMe().agent_id;
  return agentId ? <AtWork agentId={agentId}>{children}</AtWork> : children;
}

/** The own work; null for those who are no agents, and until it is known. */
export function useWork(): Work | null {
  return useContext(Working);
}

function AtWork({ agentId, children }: { agentId: string; children: ReactNode }): ReactNode {
  const client = useQueryClient();
  const agent = useOwnAgent().data;
  const call = useOwnCall().data ?? null;
  const [phone] = useState(
    () => new Phone(() => bodyOf(api.POST("/api/v1/agent/phone")), () => lookAtCall(client), agentId),
  );
  const device = useSyncExternalStore(phone.subscribe, phone.current);
  useInBrowser(phone, agent?.agent.device === "browser");
  useNotice(agentId, call);
  useCallersTitle(call);
  useStaying(device.call !== null);
  const supervising = agent?.presence.reason === "supervising";
  const lastCall = useLastTalked(supervising ? null : call);
  const [panel, setPanel] = useState<Panel>(null);
  const [mutedCall, setMutedCall] = useState<string | null>(null);
  const actions = useActions(phone);
  const own = device.call !== null;
  const muted = own ? device.call.muted : call !== null && mutedCall === call.call_id;
  const { send } = actions;
  const command = useCallback(
    (wanted: CallCommand) =>
      call && !supervising
        ? send(() => api.POST("/api/v1/calls/{call_id}/commands", { params: { path: { call_id: call.call_id } }, body: wanted }))
        : Promise.resolve(false),
    [call, supervising, send],
  );
  const toggleMute = useCallback(() => {
    if (own) {
      phone.mute(!muted);
    } else if (call) {
      void command({ verb: muted ? "unmute" : "mute" }).then((obeyed) => obeyed && setMutedCall(muted ? null : call.call_id));
    }
  }, [own, phone, muted, call, command]);
  const hangUp = useCallback(() => {
    if (own) {
      phone.hangUp();
    } else if (supervising && call) {
      void send(() => api.DELETE("/api/v1/calls/{call_id}/supervision", { params: { path: { call_id: call.call_id } } }));
    } else {
      void command({ verb: "hangup" });
    }
  }, [own, phone, supervising, call, send, command]);
  const talks = call?.state === "talking" || call?.state === "on_hold";
  const shownPanel = talks && !supervising ? panel : null;
  const work = useMemo<Work | null>(
    () =>
      agent
        ? { ...actions, agent, call, supervising, lastCall, device, phone, muted, panel: shownPanel, setPanel, command, toggleMute, hangUp }
        : null,
    [actions, agent, call, supervising, lastCall, device, phone, muted, shownPanel, command, toggleMute, hangUp],
  );
  return (
    <Working.Provider value={work}>
      <DiallingProvider value={actions.dial}>{children}</DiallingProvider>
    </Working.Provider>
  );
}

/** What is asked of the server; what it refuses is shown as a message. */
function useActions(phone: Phone): Pick<Work, "be" | "use" | "moreWrapUp" | "dial"> & {
  send: (ask: () => Promise<unknown>) => Promise<boolean>;
} {
  const client = useQueryClient();
  const { message } = App.useApp();
  const { t } = useTranslation();
  return useMemo(() => {
    const send = async (ask: () => Promise<unknown>): Promise<boolean> => {
      try {
        await ask();
        return true;
      } catch (error) {
        void message.error(refusalOf(error, t("app.failed")));
        return false;
      } finally {
        refreshOwn(client);
      }
    };
    return {
      send,
      be: (state, reason = "") => {
        void askForNotices();
        void send(async () => {
          const answer = await bodyOf(api.POST("/api/v1/agent/state", { body: { state, reason } }));
          if (answer.effective === "after_the_call") {
            void message.info(t("phone.afterTheCall"));
          }
        });
      },
      use: (device) => void send(() => api.POST("/api/v1/agent/device", { body: { device } })),
      moreWrapUp: (seconds) => void send(() => api.POST("/api/v1/agent/wrap-up", { body: { seconds } })),
      dial: (number) => {
        if (phone.current().call) {
          void message.warning(t("phone.busyAlready"));
        } else {
          void send(() => api.POST("/api/v1/agent/calls", { body: { number } }));
        }
      },
    };
  }, [client, message, t, phone]);
}

/** Why a call did not obey: the title says it in the agent's language, the detail is for programs. */
function refusalOf(error: unknown, otherwise: string): string {
  if (error instanceof Problem) {
    return [error.message, ...Object.values(error.fields)].join("：");
  }
  return error instanceof Error ? error.message : otherwise;
}

/** The browser is the phone while that device is chosen. */
function useInBrowser(phone: Phone, chosen: boolean): void {
  useEffect(() => {
    if (!chosen) {
      return undefined;
    }
    phone.start();
    return () => phone.stop();
  }, [phone, chosen]);
}

/** Tells of a call that is offered, for as long as it is. */
function useNotice(agentId: string, call: OwnCall | null): void {
  const { t } = useTranslation();
  const close = useRef<() => void>(() => undefined);
  useOwnLive(agentId, (offered) => {
    const details = offered.details;
    const from = [details?.province, details?.city, details?.queue_name].filter(Boolean).join(" · ");
    const who = offered.number ? grouped(offered.number) : t("phone.anonymous");
    close.current = showNotice(`${t("phone.incoming")} ${who}`, from, offered.call_id);
  });
  const rings = call?.state === "ringing";
  useEffect(() => {
    if (!rings) {
      close.current();
    }
  }, [rings]);
}

/** Asks before the page with the call is closed: the voice goes with it. */
function useStaying(inCall: boolean): void {
  useEffect(() => {
    if (!inCall) {
      return undefined;
    }
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [inCall]);
}

/** The tab's name says who calls. */
function useCallersTitle(call: OwnCall | null): void {
  const { t } = useTranslation();
  const who = call?.number ? grouped(call.number) : t("phone.anonymous");
  useUrgentTitle(call?.state === "ringing" ? `☎ ${t("phone.incoming")} ${who}` : null);
}

/** The latest call that came to a talk. */
function useLastTalked(call: OwnCall | null): OwnCall | null {
  const [last, setLast] = useState<OwnCall | null>(null);
  const talked = call !== null && call.state !== "ringing";
  if (talked && (last?.call_id !== call.call_id || (last.details === null && call.details !== null))) {
    setLast(call);
  }
  return last;
}
