import { cleanup, render, screen } from "@testing-library/preact";
import { LocationProvider } from "preact-iso";
import { afterEach, expect, test } from "vitest";
import { JoinClassCard } from "../src/components/join_class_card";
import { QrCode } from "../src/components/qr_code";
import { classAddress } from "../src/state/class_address";

afterEach(() => {
  cleanup();
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
