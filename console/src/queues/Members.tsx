import { Button, Flex, InputNumber, Skeleton, Tag, Tooltip, Typography } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { may, useMe } from "../app/session";
import { useAllAgents } from "../kit/choices";
import { LoadFailed } from "../kit/LoadFailed";
import { OrderedList } from "../kit/OrderedList";
import { AgentPicker } from "../kit/pickers";
import { useMembers, useSaveMembers, type Member } from "./data";

/** A queue's agents in their order. */
export function Members({ queueId }: { queueId: string }): ReactNode {
  const members = useMembers(queueId);
  if (members.isError) {
    return <LoadFailed error={members.error} retry={() => void members.refetch()} />;
  }
  return members.data ? <List queueId={queueId} there={members.data} /> : <Skeleton active />;
}

function List({ queueId, there }: { queueId: string; there: Member[] }): ReactNode {
  const { t } = useTranslation();
  const mayWrite = may(useMe(), "queues.write");
  const agents = useAllAgents().data;
  const [edited, setEdited] = useState<Member[] | null>(null);
  const save = useSaveMembers(queueId, t("app.saved"));
  const members = edited ?? there;
  const add = (id: string | null): void => {
    const agent = agents?.find((one) => one.id === id);
    if (agent) {
      setEdited([...members, { agent_id: agent.id, name: agent.name, extension: agent.extension, penalty: 0 }]);
    }
  };
  return (
    <Flex vertical gap={12}>
      <Typography.Text type="secondary">{t("queues.membersHelp")}</Typography.Text>
      <OrderedList<Member>
        items={members}
        keyOf={(member) => member.agent_id}
        nameOf={(member) => member.name}
        onChange={setEdited}
        empty={t("queues.noMembers")}
      >
        {(member) => (
          <Flex gap={12} align="center">
            <span style={{ width: 150 }}>
              {member.name} <Typography.Text type="secondary">{member.extension}</Typography.Text>
            </span>
            <Skills skills={agents?.find((one) => one.id === member.agent_id)?.skills ?? {}} />
            <Tooltip title={t("queues.penaltyHelp")}>
              <InputNumber
                min={0}
                max={100}
                prefix={t("queues.penalty")}
                aria-label={`${t("queues.penalty")} ${member.name}`}
                value={member.penalty ?? 0}
                disabled={!mayWrite}
                style={{ width: 140 }}
                onChange={(penalty) =>
                  setEdited(
                    members.map((one) => (one.agent_id === member.agent_id ? { ...one, penalty: penalty ?? 0 } : one)),
                  )
                }
              />
            </Tooltip>
          </Flex>
        )}
      </OrderedList>
      {mayWrite && (
        <Flex gap={8} justify="space-between">
          <AgentPicker
            style={{ width: 240 }}
            placeholder={t("queues.addMember")}
            aria-label={t("queues.addMember")}
            without={members.map((member) => member.agent_id)}
            value={null}
            onChange={add}
          />
          <Button
            type="primary"
            disabled={edited === null}
            loading={save.isPending}
            onClick={() => save.mutate(members, { onSuccess: () => setEdited(null) })}
          >
            {t("queues.saveMembers")}
          </Button>
        </Flex>
      )}
    </Flex>
  );
}

function Skills({ skills }: { skills: Readonly<Record<string, number>> }): ReactNode {
  const { t } = useTranslation();
  const known = Object.entries(skills);
  return (
    <span style={{ flex: 1 }}>
      {known.length === 0 && <Typography.Text type="secondary">{t("queues.noSkills")}</Typography.Text>}
      {known.map(([skill, level]) => (
        <Tag key={skill}>
          {skill} {level}
        </Tag>
      ))}
    </span>
  );
}
