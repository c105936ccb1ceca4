import { theme } from "antd";
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";

interface Shown {
  /** How loud each part is, lane by lane; null: only a line is drawn. */
  lanes: readonly Float32Array[] | null;
  /** Whose lane it is. */
  names: readonly string[];
  /** What is moved in, for those who hear the page. */
  label: string;
  /** In seconds. */
  position: number;
  duration: number;
  text: string;
  seek: (seconds: number) => void;
}

const LANE = 34;
const STEP = 5;

/** A sound as a picture in which one moves by pointer or arrow keys. */
export function Waveform({ lanes, names, label, position, duration, text, seek }: Shown): ReactNode {
  const { token } = theme.useToken();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const height = LANE * Math.max(1, lanes?.length ?? 1);
  const share = duration > 0 ? Math.min(1, position / duration) : 0;

  useEffect(() => {
    const drawn = canvas.current;
    if (!drawn) {
      return undefined;
    }
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)));
    observer.observe(drawn);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const pen = canvas.current?.getContext("2d");
    if (!pen || width === 0) {
      return;
    }
    const scale = window.devicePixelRatio || 1;
    pen.canvas.width = width * scale;
    pen.canvas.height = height * scale;
    pen.scale(scale, scale);
    const colours = { heard: token.colorPrimary, other: token.colorSuccess, rest: token.colorTextQuaternary };
    draw(pen, lanes, { width, height, share, colours });
  }, [lanes, width, height, share, token]);

  const byPointer = (event: PointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    seek(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * duration);
  };
  const byKey = (event: KeyboardEvent): void => {
    const to = { ArrowLeft: position - STEP, ArrowRight: position + STEP, Home: 0, End: duration }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      seek(Math.min(duration, Math.max(0, to)));
    }
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.round(duration)}
      aria-valuenow={Math.round(position)}
      aria-valuetext={text}
      style={{ position: "relative", flex: 1, minWidth: 120, height, cursor: "pointer", touchAction: "none" }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        byPointer(event);
      }}
      onPointerMove={(event) => event.buttons === 1 && byPointer(event)}
      onKeyDown={byKey}
    >
      <canvas ref={canvas} style={{ width: "100%", height: "100%", display: "block" }} />
      {lanes?.length === names.length &&
        names.map((name, lane) => (
          <span
            key={name}
            style={{
              position: "absolute",
              left: 4,
              top: lane * LANE + 1,
              fontSize: 11,
              lineHeight: "14px",
              paddingInline: 3,
              borderRadius: 3,
              pointerEvents: "none",
              color: token.colorTextSecondary,
              background: token.colorBgContainer,
            }}
          >
            {name}
          </span>
        ))}
    </div>
  );
}

interface Picture {
  width: number;
  height: number;
  /** How much of it was heard, 0 to 1. */
  share: number;
  colours: { heard: string; other: string; rest: string };
}

function draw(pen: CanvasRenderingContext2D, lanes: readonly Float32Array[] | null, picture: Picture): void {
  const { width, height, share, colours } = picture;
  pen.clearRect(0, 0, width, height);
  if (lanes === null) {
    pen.fillStyle = colours.rest;
    pen.fillRect(0, height / 2 - 2, width, 4);
    pen.fillStyle = colours.heard;
    pen.fillRect(0, height / 2 - 2, width * share, 4);
  }
  lanes?.forEach((lane, number) => {
    const middle = LANE * (number + 0.5);
    const bar = width / lane.length;
    lane.forEach((peak, at) => {
      const high = Math.max(1, peak * (LANE - 6));
      const heard = number === 0 ? colours.heard : colours.other;
      pen.fillStyle = at / lane.length < share ? heard : colours.rest;
      pen.fillRect(at * bar, middle - high / 2, Math.max(0.75, bar * 0.7), high);
    });
  });
  if (share > 0) {
    pen.fillStyle = colours.heard;
    pen.fillRect(Math.min(width - 1, width * share), 0, 1.5, height);
  }
}
