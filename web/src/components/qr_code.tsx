import { useMemo } from "preact/hooks";
import encodeQR from "qr";

const QUIET_MODULES = 4;

// Dark on light in both themes: cameras expect it.
export function QrCode({ text, name }: { text: string; name: string }) {
  const { size, path } = useMemo(() => {
    const modules = encodeQR(text, "raw", { ecc: "medium", border: QUIET_MODULES });
    const dark = modules.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
    return { size: modules.length, path: dark.join("") };
  }, [text]);
  return (
    <svg class="qr_code" viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges" role="img" aria-label={name}>
      <rect class="qr_code__ground" width={size} height={size} />
      <path class="qr_code__modules" d={path} />
    </svg>
  );
}
