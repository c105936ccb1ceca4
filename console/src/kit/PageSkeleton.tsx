import { Skeleton } from "antd";
import type { ReactNode } from "react";

export function PageSkeleton(): ReactNode {
  return <Skeleton active paragraph={{ rows: 10 }} style={{ padding: 24 }} />;
}
