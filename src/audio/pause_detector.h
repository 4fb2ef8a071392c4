// Whether somebody who spoke has fallen silent, while the sound still comes in.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace speechcoach::audio {

// By level alone, in frames of 20 ms against the noise floor of the last seconds: cheap enough for an I/O thread, and it errs towards
// speech, so that nobody is cut short; steady noise that begins in the midst of speech may keep it waiting. One thread at a time.
class PauseDetector {
 public:
  // `sample_rate_hz`: 8000..48000. `pause_s`: so long nothing may be said after speech.
  PauseDetector(int sample_rate_hz, double pause_s);

  void Append(std::span<const float> samples);  // -1..1, in order
  // True once enough was said for a word (0.3 s) and the pause has lasted; it stays so until somebody speaks again.
  bool is_pause() const { return speech_frames_ >= kMinSpeechFrames && silent_frames_ >= pause_frames_; }

 private:
  static constexpr int kMinSpeechFrames = 15;
  static constexpr int kLevels = 96;  // dB below full scale, one bin each

  void AddFrame(double level_dbfs);
  double FloorDb() const;

  const std::size_t frame_samples_;
  const int pause_frames_;
  double energy_ = 0.0;  // of the frame under way
  std::size_t filled_ = 0;
  std::array<float, kLevels> histogram_{};  // of levels, older ones counting less
  float weight_ = 1.0f;                     // of the newest in it
  float total_ = 0.0f;                      // of all but the quietest
  double peak_db_ = -96.0;                  // of speech, sinking slowly
  int run_ = 0;                             // loud frames in a row
  int speech_frames_ = 0;
  int silent_frames_ = 0;
};

}  // namespace speechcoach::audio
