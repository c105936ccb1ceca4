import { Button, Result, Typography } from "antd";
import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useRouteError } from "react-router";

/** What a page shows that broke. */
export function Broken(): ReactNode {
  return <Wreck error={useRouteError()} />;
}

interface Held {
  readonly error: unknown;
}

/** Holds what breaks around the pages: without it nothing at all would be shown. */
export class Boundary extends Component<{ children: ReactNode }, Held> {
  override state: Held = { error: null };

  static getDerivedStateFromError(error: unknown): Held {
    return { error: error ?? "" };
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <Wreck error={this.state.error} />;
  }
}

function Wreck({ error }: { error: unknown }): ReactNode {
  const { t } = useTranslation();
  return (
    <Result
      status="error"
      title={t("app.broken")}
      subTitle={t("app.brokenHint")}
      extra={
        <Button type="primary" onClick={() => window.location.reload()}>
          {t("app.reload")}
        </Button>
      }
    >
      <Typography.Text code>{error instanceof Error ? error.message : String(error)}</Typography.Text>
    </Result>
  );
}
