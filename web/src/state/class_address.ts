// Where phones open the page with a class's code filled in; null where the page's own address is this machine's alone, and the server is
// open to no local network (`lan`: where it is).
export function classAddress(lan: string | null, code: string, own: URL = new URL(location.href)): string | null {
  const origin = lan ?? (["localhost", "127.0.0.1", "[::1]"].includes(own.hostname) ? null : own.origin);
  return origin === null ? null : `${origin}/classes?${new URLSearchParams({ code })}`;
}
