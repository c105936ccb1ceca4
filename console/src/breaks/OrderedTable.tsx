import { PlusOutlined } from "@ant-design/icons";
import { Button, Card, Empty, Table } from "antd";
import type { TableColumnsType } from "antd";
import type { ReactNode } from "react";

import { rowsOf, type Pages } from "../kit/data";
import { LoadFailed } from "../kit/LoadFailed";

interface Shown<T> {
  title: string;
  empty: string;
  addLabel: string;
  add: () => void;
  pages: Pages<T>;
  columns: TableColumnsType<T>;
  open: (row: T) => void;
}

/** A short list in the order in which agents are shown it. */
export function OrderedTable<T extends { id: string; position: number; name: string }>({
  title,
  empty,
  addLabel,
  add,
  pages,
  columns,
  open,
}: Shown<T>): ReactNode {
  if (pages.isError && !pages.data) {
    return <LoadFailed error={pages.error} retry={() => void pages.refetch()} />;
  }
  const rows = rowsOf(pages).sort(
    (one, other) => one.position - other.position || one.name.localeCompare(other.name, "zh"),
  );
  return (
    <Card
      size="small"
      title={title}
      extra={
        <Button size="small" icon={<PlusOutlined />} onClick={add}>
          {addLabel}
        </Button>
      }
      styles={{ body: { padding: 0 } }}
    >
      <Table<T>
        rowKey="id"
        size="small"
        loading={pages.isPending}
        dataSource={rows}
        columns={columns}
        pagination={false}
        locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty} /> }}
        onRow={(row) => ({
          tabIndex: 0,
          style: { cursor: "pointer" },
          onClick: (event) => {
            if (event.target instanceof Element && event.target.closest("button, .ant-popover") === null) {
              open(row);
            }
          },
          onKeyDown: (event) => event.key === "Enter" && event.target === event.currentTarget && open(row),
        })}
      />
    </Card>
  );
}
