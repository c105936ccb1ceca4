import { InboxOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Flex, Form, Input, Modal, Progress, Table, Tabs, Typography, Upload } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { wordsOf } from "./data";
import { importInParts, linesOf, textOf, type Imported } from "./importing";

interface Shown {
  title: string;
  /** What a line has, in a sentence. */
  hint: ReactNode;
  /** Some lines as they are wanted. */
  example: string;
  /** Sends a part of the list. */
  send: (text: string) => Promise<Imported>;
  /** The resources whose lists change by it. */
  touches: readonly string[];
  close: () => void;
  /** What holds for all lines. */
  options?: ReactNode;
  /** Lines in one request: all of them where one bad line is to leave the whole list out. */
  atOnce?: number;
}

type Step = { at: "given" } | { at: "working"; done: number } | { at: "done"; result: Imported };

/** Imports a list that is pasted or chosen, and tells line by line what was refused. */
export function ImportDialog({ title, hint, example, send, touches, close, options, atOnce = 1_000 }: Shown): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [step, setStep] = useState<Step>({ at: "given" });
  const [failed, setFailed] = useState("");
  const lines = linesOf(text);

  const start = async (): Promise<void> => {
    if (lines.length === 0) {
      setFailed(t("kit.import.empty"));
      return;
    }
    setFailed("");
    setStep({ at: "working", done: 0 });
    try {
      const result = await importInParts(lines, atOnce, send, (done) => setStep({ at: "working", done }));
      setStep({ at: "done", result });
    } catch (error) {
      setFailed(wordsOf(error as Error, t("app.failed")));
      setStep({ at: "given" });
    } finally {
      await Promise.all(touches.map((key) => client.invalidateQueries({ queryKey: [key] })));
    }
  };
  const correct = (result: Imported): void => {
    setText(result.errors.map((error) => lines[error.line - 1] ?? error.text).join("\n"));
    setStep({ at: "given" });
  };

  return (
    <Modal
      open
      width={720}
      title={title}
      onCancel={close}
      mask={{ closable: false }}
      footer={
        step.at === "done" ? (
          <Done result={step.result} correct={correct} close={close} />
        ) : (
          <>
            <Button onClick={close}>{t("app.cancel")}</Button>
            <Button type="primary" loading={step.at === "working"} onClick={() => void start()}>
              {t("kit.import.start")}
            </Button>
          </>
        )
      }
    >
      {failed && <Alert type="error" showIcon title={failed} style={{ marginBottom: 12 }} />}
      {step.at === "given" && (
        <Given text={text} setText={setText} lines={lines.length} hint={hint} example={example} options={options} />
      )}
      {step.at === "working" && (
        <Flex vertical gap={8}>
          <Progress percent={Math.round((step.done / lines.length) * 100)} status="active" />
          <Typography.Text>{t("kit.import.working", { done: step.done, all: lines.length })}</Typography.Text>
        </Flex>
      )}
      {step.at === "done" && <Result result={step.result} />}
    </Modal>
  );
}

interface GivenShown extends Pick<Shown, "hint" | "example" | "options"> {
  text: string;
  setText: (text: string) => void;
  lines: number;
}

function Given({ text, setText, lines, hint, example, options }: GivenShown): ReactNode {
  const { t } = useTranslation();
  const [tab, setTab] = useState("paste");
  const read = async (file: Blob): Promise<void> => {
    setText(await textOf(file));
    setTab("paste");
  };
  return (
    <Flex vertical gap={12}>
      <Typography.Text type="secondary">{hint}</Typography.Text>
      {options && (
        <Form layout="vertical" component="div">
          {options}
        </Form>
      )}
      <Tabs
        size="small"
        activeKey={tab}
        onChange={setTab}
        tabBarExtraContent={lines > 0 && <Typography.Text type="secondary">{t("kit.import.lines", { count: lines })}</Typography.Text>}
        items={[
          {
            key: "paste",
            label: t("kit.import.paste"),
            children: (
              <Input.TextArea
                aria-label={t("kit.import.content")}
                rows={9}
                value={text}
                placeholder={example}
                style={{ fontFamily: "monospace" }}
                onChange={(event) => setText(event.target.value)}
              />
            ),
          },
          {
            key: "file",
            label: t("kit.import.file"),
            children: (
              <Upload.Dragger
                accept=".csv,.txt,text/csv,text/plain"
                showUploadList={false}
                beforeUpload={(file) => {
                  void read(file);
                  return false;
                }}
              >
                <InboxOutlined style={{ fontSize: 32 }} />
                <div>{t("kit.import.drop")}</div>
                <Typography.Text type="secondary">{t("kit.import.dropHint")}</Typography.Text>
              </Upload.Dragger>
            ),
          },
        ]}
      />
    </Flex>
  );
}

function Result({ result }: { result: Imported }): ReactNode {
  const { t } = useTranslation();
  const refused = result.errors.length;
  const counts = t("kit.import.done", { added: result.added, known: result.known ?? 0, refused });
  if (refused === 0) {
    return <Alert type="success" showIcon title={t("kit.import.nothingWrong")} description={counts} />;
  }
  return (
    <Flex vertical gap={12}>
      <Alert type="warning" showIcon title={counts} />
      <Table
        size="small"
        rowKey="line"
        dataSource={[...result.errors]}
        pagination={refused > 100 ? { pageSize: 100, showSizeChanger: false } : false}
        scroll={{ y: 320 }}
        columns={[
          { title: t("kit.import.line"), dataIndex: "line", width: 72, align: "right" },
          { title: t("kit.import.text"), dataIndex: "text", ellipsis: true },
          { title: t("kit.import.reason"), dataIndex: "message" },
        ]}
      />
    </Flex>
  );
}

interface DoneShown {
  result: Imported;
  correct: (result: Imported) => void;
  close: () => void;
}

function Done({ result, correct, close }: DoneShown): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      {result.errors.length > 0 && <Button onClick={() => correct(result)}>{t("kit.import.correct")}</Button>}
      <Button type="primary" onClick={close}>
        {t("app.close")}
      </Button>
    </>
  );
}
