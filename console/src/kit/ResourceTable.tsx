import { SettingOutlined } from "@ant-design/icons";
import { Button, Checkbox, Empty, Flex, Popover, Skeleton, Table } from "antd";
import type { TableColumnsType } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { may, useMe } from "../app/session";
import { rowsOf, type Pages } from "./data";
import { ExportButton } from "./ExportButton";
import { LoadFailed } from "./LoadFailed";

interface Shown<T> {
  /** Under which the chosen columns are kept in this browser. */
  name: string;
  pages: Pages<T>;
  columns: TableColumnsType<T>;
  rowKey: (row: T) => string;
  /** What stands where nothing stands, and what to do about it. */
  empty: ReactNode;
  emptyAction?: ReactNode;
  /** Opens a row by a click or Enter. */
  open?: (row: T) => void;
  /** Filters on the left above the table. */
  filters?: ReactNode;
  width?: number;
  /** Whether the list can be saved from here; not where the page has a better export. */
  exports?: boolean;
}

/** A list of the server's, page after page, with a choice of columns. */
export function ResourceTable<T extends object>({
  name,
  pages,
  columns,
  rowKey,
  empty,
  emptyAction,
  open,
  filters,
  width = 900,
  exports = true,
}: Shown<T>): ReactNode {
  const { t } = useTranslation();
  const [hidden, setHidden] = useHidden(name);
  const mayExport = may(useMe(), "calls.export");
  const rows = rowsOf(pages);
  if (pages.isError && rows.length === 0) {
    return <LoadFailed error={pages.error} retry={() => void pages.refetch()} />;
  }
  const shown = columns.filter((column) => !hidden.includes(keyOf(column)));
  return (
    <Flex vertical gap={12}>
      <Flex justify="space-between" align="start" gap={12}>
        <Flex wrap gap={12} component="search" style={{ flex: 1, minWidth: 0 }}>
          {filters}
        </Flex>
        <Flex gap={8} style={{ marginInlineStart: "auto" }}>
          {exports && mayExport && rows.length > 0 && (
            <ExportButton name={name} pages={pages} columns={shown.filter(isNamed)} />
          )}
          <ColumnChoice columns={columns} hidden={hidden} setHidden={setHidden} />
        </Flex>
      </Flex>
      <Table<T>
        rowKey={rowKey}
        size="middle"
        columns={shown}
        dataSource={rows}
        loading={pages.isPending}
        pagination={false}
        scroll={{ x: width }}
        locale={{
          // Before the answer is there nobody knows that it is empty.
          emptyText: pages.isPending ? <Skeleton active /> : (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty}>
              {emptyAction}
            </Empty>
          ),
        }}
        onRow={(row) =>
          open
            ? {
                onClick: (event) => isOfTheRow(event.target) && open(row),
                onKeyDown: (event) => event.key === "Enter" && event.target === event.currentTarget && open(row),
                tabIndex: 0,
                style: { cursor: "pointer" },
              }
            : {}
        }
      />
      {pages.hasNextPage && (
        <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t("app.more")}
        </Button>
      )}
    </Flex>
  );
}

/** A click on a button or a link inside the row means that, not the row. */
function isOfTheRow(target: EventTarget): boolean {
  return target instanceof Element && target.closest("button, a, input, .ant-popover, .ant-switch") === null;
}

function keyOf<T>(column: TableColumnsType<T>[number]): string {
  const field = "dataIndex" in column ? column.dataIndex : undefined;
  return String(column.key ?? field ?? (typeof column.title === "string" ? column.title : ""));
}

/** Not a row's buttons. */
function isNamed<T>(column: TableColumnsType<T>[number]): boolean {
  return typeof column.title === "string" && column.title !== "";
}

function useHidden(name: string): [string[], (hidden: string[]) => void] {
  const key = `columns.${name}`;
  const [hidden, setHidden] = useState<string[]>(() => (localStorage.getItem(key) ?? "").split(",").filter(Boolean));
  return [
    hidden,
    (changed) => {
      localStorage.setItem(key, changed.join(","));
      setHidden(changed);
    },
  ];
}

/** Columns without a title (a row's buttons) always stay. */
function ColumnChoice<T>({
  columns,
  hidden,
  setHidden,
}: {
  columns: TableColumnsType<T>;
  hidden: string[];
  setHidden: (hidden: string[]) => void;
}): ReactNode {
  const { t } = useTranslation();
  const options = columns
    .filter(isNamed)
    .map((column) => ({ value: keyOf(column), label: column.title as string }));
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <Checkbox.Group
          style={{ flexDirection: "column", gap: 6 }}
          options={options}
          value={options.map((one) => one.value).filter((one) => !hidden.includes(one))}
          onChange={(chosen) => setHidden(options.map((one) => one.value).filter((one) => !chosen.includes(one)))}
        />
      }
    >
      <Button icon={<SettingOutlined />} aria-label={t("app.columns")} title={t("app.columns")} />
    </Popover>
  );
}
