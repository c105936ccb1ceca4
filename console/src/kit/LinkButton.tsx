import { Button, type ButtonProps } from "antd";
import type { MouseEvent, ReactNode } from "react";
import { useNavigate } from "react-router";

type Shown = Omit<ButtonProps, "href" | "onClick"> & { to: string };

/** A link that looks like a button: opens a page of the console, in a new tab too. */
export function LinkButton({ to, ...shown }: Shown): ReactNode {
  const navigate = useNavigate();
  const follow = (event: MouseEvent<HTMLElement>): void => {
    if (event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      void navigate(to);
    }
  };
  return <Button {...shown} href={to} onClick={follow} />;
}
