import type { UseQueryResult } from "@tanstack/react-query";
import { Alert, Button, Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Shown<T> {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}

/** A part of a page: what was fetched, or that it could not be, with a way to try again. */
export function Fetched<T>({ query, children }: Shown<T>): ReactNode {
  const { t } = useTranslation();
  if (query.data !== undefined) {
    return children(query.data);
  }
  if (!query.isError) {
    return <Skeleton active title={false} paragraph={{ rows: 2 }} />;
  }
  return (
    <Alert
      type="warning"
      showIcon
      title={t("app.loadFailed")}
      description={query.error.message}
      action={
        <Button size="small" loading={query.isFetching} onClick={() => void query.refetch()}>
          {t("app.retry")}
        </Button>
      }
    />
  );
}
