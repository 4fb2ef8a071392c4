// A QR code for a terminal.
#pragma once

#include <string>

namespace speechcoach::cli {

// `text` as a QR code (ISO/IEC 18004, error correction M) of half blocks, two rows of modules a line, dark on light with the
// quiet zone of four modules; `colours`: as escape sequences, so that it is dark on light on every terminal. Empty where `text`
// is empty or too long.
std::string QrCodeForTerminal(const std::string& text, bool colours);

}  // namespace speechcoach::cli
