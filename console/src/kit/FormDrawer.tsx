import { Alert, App, Button, Drawer, Flex, Form, type FormInstance } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "../api/problem";

interface Shown<V extends object> {
  title: string;
  initial: Partial<V>;
  /** Saves; a refusal is shown at the fields that it names. */
  save: (values: V) => Promise<unknown>;
  close: () => void;
  children: ReactNode | ((form: FormInstance<V>) => ReactNode);
  size?: number;
  submit?: string;
  /** On the left of the buttons: removal, for one. */
  extra?: ReactNode;
}

/** A form at the side of a page. */
export function FormDrawer<V extends object>({
  title,
  initial,
  save,
  close,
  children,
  size = 560,
  submit,
  extra,
}: Shown<V>): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<V>();
  const { modal } = App.useApp();
  const { busy, refused, send } = useSending(form, save, close);
  // Escape is pressed quickly, and what was typed would be gone.
  const leave = (): void => {
    if (form.isFieldsTouched()) {
      modal.confirm({ title: t("kit.discard"), okText: t("kit.leave"), cancelText: t("kit.stay"), onOk: close });
    } else {
      close();
    }
  };
  return (
    <Drawer
      open
      size={size}
      title={title}
      onClose={leave}
      maskClosable={false}
      footer={
        <Flex justify="space-between">
          <span>{extra}</span>
          <Flex gap={8}>
            <Button onClick={close}>{t("app.cancel")}</Button>
            <Button type="primary" loading={busy} onClick={() => form.submit()}>
              {submit ?? t("app.save")}
            </Button>
          </Flex>
        </Flex>
      }
    >
      <Form<V>
        form={form}
        layout="vertical"
        initialValues={initial}
        scrollToFirstError
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.nativeEvent.isComposing && isPlainInput(event.target)) {
            event.preventDefault();
            if (!busy) {
              form.submit();
            }
          }
        }}
        onFinish={(values) => void send(values)}
      >
        {refused && <Alert type="error" showIcon title={refused} style={{ marginBottom: 16 }} />}
        {typeof children === "function" ? children(form) : children}
      </Form>
    </Drawer>
  );
}

/** Where Enter has no meaning of its own: it saves, as in every form. */
function isPlainInput(target: EventTarget): boolean {
  return (
    target instanceof HTMLInputElement &&
    !["checkbox", "radio", "file"].includes(target.type) &&
    target.closest(".ant-select, .ant-picker, .ant-input-search") === null
  );
}

/** Sends a form's values; what the server refuses stands at its field, or above them all. */
export function useSending<V extends object>(
  form: FormInstance<V>,
  save: (values: V) => Promise<unknown>,
  after: () => void,
): { busy: boolean; refused: string | null; send: (values: V) => Promise<void> } {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const send = async (values: V): Promise<void> => {
    setBusy(true);
    setRefused(null);
    try {
      await save(values);
      after();
    } catch (error) {
      setRefused(showRefusal(form, error, t("app.failed")));
    } finally {
      setBusy(false);
    }
  };
  return { busy, refused, send };
}

/** Puts each of the problem's fields at its input; returns what belongs to none that is shown. */
function showRefusal<V extends object>(form: FormInstance<V>, error: unknown, otherwise: string): string {
  if (!(error instanceof Problem)) {
    return error instanceof Error ? error.message : otherwise;
  }
  const rest: string[] = [];
  const shown = form.getFieldsError().map((field) => field.name);
  for (const [name, words] of Object.entries(error.fields)) {
    const at = name.replace(/^body\./, "").split(".");
    const path = shown.find((field) => at.join() === field.join()) ?? shown.find((field) => startsWith(at, field));
    if (path) {
      form.setFields([{ name: path as never, errors: [words] }]);
    } else {
      rest.push(`${name}：${words}`);
    }
  }
  return [error.message, error.detail, ...rest].filter(Boolean).join(" · ");
}

/** A list that is one control shows what is wrong with any of its items. */
function startsWith(at: readonly string[], field: readonly (string | number)[]): boolean {
  return field.every((part, place) => String(part) === at[place]);
}
