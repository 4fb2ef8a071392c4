import type { GuardianConsent } from "@speechcoach/client";
import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, describe, expect, test, vi } from "vitest";
import { GuardianCard } from "../src/components/guardian_card";
import { client } from "../src/state/app";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function consent(changes: Partial<GuardianConsent> = {}): GuardianConsent {
  return { is_child: false, is_given: false, is_refused: false, source: null, guardian: null, given_at: null, ...changes };
}

describe("a child", () => {
  test("says so after a second thought, and hands a link to a guardian", async () => {
    vi.spyOn(client, "read").mockResolvedValueOnce(consent()).mockResolvedValueOnce(consent({ is_child: true }));
    const write = vi.spyOn(client, "write").mockResolvedValueOnce(consent({ is_child: true })).mockResolvedValueOnce({ code: "K7", path: "/guardian#K7" });
    render(<GuardianCard />);
    fireEvent.click(await screen.findByRole("button", { name: "Mình dưới 16 tuổi" }));
    expect(write).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: "Mình dưới 16 tuổi" }));
    fireEvent.click(await screen.findByRole("button", { name: "Tạo đường dẫn cho cha mẹ" }));
    await screen.findByText(`${location.origin}/guardian#K7`);
    screen.getByRole("img", { name: "Mã QR của đường dẫn cho cha mẹ" });
    expect(write.mock.calls.map(([method, path]) => `${method} ${path}`)).toEqual(["PUT /api/v1/auth/me/guardian-consent", "POST /api/v1/auth/me/guardian-link"]);
  });

  test("reads that a guardian did not agree, and is offered no other link", async () => {
    vi.spyOn(client, "read").mockResolvedValueOnce(consent({ is_child: true, is_refused: true, source: "guardian" }));
    render(<GuardianCard />);
    await screen.findByText(/chưa đồng ý cho bạn luyện nói/);
    expect(screen.queryByRole("button")).toBeNull();
  });

  test("reads who agreed", async () => {
    vi.spyOn(client, "read").mockResolvedValueOnce(consent({ is_child: true, is_given: true, source: "guardian", guardian: "Mẹ Lan" }));
    render(<GuardianCard />);
    await screen.findByText("Mẹ Lan đã đồng ý cho bạn luyện nói. Chúc bạn luyện vui!");
    expect(screen.queryByRole("button")).toBeNull();
  });
});
