import { ReactFlowProvider } from "@xyflow/react";
import { useMemo, type ReactNode } from "react";
import { useParams } from "react-router";

import { LoadFailed } from "../kit/LoadFailed";
import { PageSkeleton } from "../kit/PageSkeleton";
import { useFlow, useNodeTypes, type Flow, type NodeType } from "./data";
import { exitsBy } from "./exits";
import { FlowEditor } from "./FlowEditor";
import { graphOf } from "./graph";
import { placed } from "./layout";

export default function EditorPage(): ReactNode {
  const { flowId = "" } = useParams();
  const flow = useFlow(flowId);
  const types = useNodeTypes();
  const failed = flow.error ?? types.error;
  if (failed) {
    return <LoadFailed error={failed} retry={() => void Promise.all([flow.refetch(), types.refetch()])} />;
  }
  if (!flow.data || !types.data) {
    return <PageSkeleton />;
  }
  return (
    <ReactFlowProvider key={flowId}>
      <Opened flow={flow.data} types={types.data} />
    </ReactFlowProvider>
  );
}

function Opened({ flow, types }: { flow: Flow; types: readonly NodeType[] }): ReactNode {
  const exitsOf = useMemo(() => exitsBy(types), [types]);
  const first = useMemo(() => placed(graphOf(flow.draft), exitsOf, false), [flow.draft, exitsOf]);
  return <FlowEditor flow={flow} first={first} types={types} exitsOf={exitsOf} />;
}
