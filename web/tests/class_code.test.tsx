import type { TaughtClass } from "@speechcoach/client";
import { cleanup, render, screen } from "@testing-library/preact";
import { LocationProvider } from "preact-iso";
import { afterEach, expect, test, vi } from "vitest";
import { ClassCodeCard } from "../src/components/class_code_card";
import { JoinClassCard } from "../src/components/join_class_card";
import { QrCode } from "../src/components/qr_code";
import { classAddress } from "../src/state/class_address";
import { classesClient } from "../src/state/my_classes";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  history.replaceState(null, "", "/");
});

test("phones open the address of the local network, or the page's own where others reach it", () => {
  const school = new URL("https://coach.school.example/classes/3");
  const laptop = new URL("http://localhost:8000/classes/3");
  expect(classAddress("https://192.168.1.5:8000", "AB12", laptop)).toBe("https://192.168.1.5:8000/classes?code=AB12");
  expect(classAddress(null, "AB12", school)).toBe("https://coach.school.example/classes?code=AB12");
  expect(classAddress(null, "AB12", laptop)).toBeNull();
});

test("who came by the QR code finds the code filled in", () => {
  history.replaceState(null, "", "/classes?code=AB12CD34");
  render(
    <LocationProvider>
      <JoinClassCard />
    </LocationProvider>,
  );
  expect((screen.getByLabelText("Mã lớp") as HTMLInputElement).value).toBe("AB12CD34");
});

test("who is asked to trust a certificate reads what it must be like", async () => {
  const fingerprint = Array.from({ length: 32 }, () => "0C").join(":");
  vi.spyOn(classesClient, "lan").mockResolvedValue({ url: "https://192.168.1.5:8000", fingerprint });
  render(<ClassCodeCard taught={{ id: 1, code: "AB12" } as TaughtClass} onChange={() => {}} />);
  expect((await screen.findByLabelText("Dấu vân tay SHA-256 của chứng chỉ gốc")).textContent).toBe(fingerprint);
  screen.getByText(/so dấu vân tay SHA-256/);
});

test("a server that is open to no local network asks nobody to compare certificates", async () => {
  vi.spyOn(classesClient, "lan").mockResolvedValue({ url: null, fingerprint: null });
  vi.stubGlobal("location", new URL("https://coach.school.example/classes/1"));
  render(<ClassCodeCard taught={{ id: 1, code: "AB12" } as TaughtClass} onChange={() => {}} />);
  await screen.findByRole("img", { name: "Mã QR để vào lớp" });
  expect(screen.queryByText(/chứng chỉ/)).toBeNull();
  vi.unstubAllGlobals();
});

// The finder pattern of the upper left corner: ISO/IEC 18004, 6.3.3.
test("a QR code has its finder pattern within the quiet zone", () => {
  render(<QrCode text="https://192.168.1.5:8000/classes?code=AB12CD34" name="Mã QR" />);
  const picture = screen.getByRole("img", { name: "Mã QR" });
  const path = picture.querySelector("path")?.getAttribute("d") ?? "";
  const isDark = (x: number, y: number) => path.includes(`M${x} ${y}h1v1h-1z`);
  expect([4, 5, 9, 10].map((x) => isDark(x, 4))).toEqual([true, true, true, true]);
  expect([4, 5, 6, 9, 10].map((x) => isDark(x, 5))).toEqual([true, false, false, false, true]);
  expect([0, 1, 2, 3].some((x) => isDark(x, 4))).toBe(false);
});
