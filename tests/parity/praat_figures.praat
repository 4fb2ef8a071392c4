# Prints every figure of the sounds listed in a file: one line a frame, pulse or sound, fields apart by spaces.
#   FILE name | P f0 | I dB | H hnr | T pulse | G pitch_first intensity_first harmonicity_first
#   S jitter local rap ppq5 shimmer local apq3 apq5 mean harmonicity
form Figures
  sentence list sounds.txt
endform
names = Read Strings from raw text file: list$
count = Get number of strings
for sound to count
  selectObject: names
  file$ = Get string: sound
  s = Read from file: file$
  appendInfoLine: "FILE ", file$
  selectObject: s
  p = To Pitch (ac): 0.01, 75, 15, "no", 0.03, 0.45, 0.01, 0.35, 0.14, 600
  frames = Get number of frames
  pitchFirst = Get time from frame number: 1
  for i to frames
    value = Get value in frame: i, "Hertz"
    if value = undefined
      value = 0
    endif
    appendInfoLine: "P ", fixed$ (value, 8)
  endfor
  selectObject: s
  intensity = To Intensity: 100, 0, "yes"
  frames = Get number of frames
  intensityFirst = Get time from frame number: 1
  for i to frames
    value = Get value in frame: i
    appendInfoLine: "I ", fixed$ (value, 8)
  endfor
  selectObject: s
  h = To Harmonicity (cc): 0.01, 75, 0.1, 1
  frames = Get number of frames
  harmonicityFirst = Get time from frame number: 1
  for i to frames
    value = Get value in frame: i
    appendInfoLine: "H ", fixed$ (value, 8)
  endfor
  mean = Get mean: 0, 0
  appendInfoLine: "G ", fixed$ (pitchFirst, 9), " ", fixed$ (intensityFirst, 9), " ", fixed$ (harmonicityFirst, 9)
  selectObject: s, p
  pulses = To PointProcess (cc)
  points = Get number of points
  for i to points
    time = Get time from index: i
    appendInfoLine: "T ", fixed$ (time, 9)
  endfor
  jitter1 = Get jitter (local): 0, 0, 0.0001, 0.02, 1.3
  jitter2 = Get jitter (rap): 0, 0, 0.0001, 0.02, 1.3
  jitter3 = Get jitter (ppq5): 0, 0, 0.0001, 0.02, 1.3
  selectObject: s, pulses
  shimmer1 = Get shimmer (local): 0, 0, 0.0001, 0.02, 1.3, 1.6
  shimmer2 = Get shimmer (apq3): 0, 0, 0.0001, 0.02, 1.3, 1.6
  shimmer3 = Get shimmer (apq5): 0, 0, 0.0001, 0.02, 1.3, 1.6
  appendInfoLine: "S ", jitter1, " ", jitter2, " ", jitter3, " ", shimmer1, " ", shimmer2, " ", shimmer3, " ", mean
  removeObject: s, p, intensity, h, pulses
endfor
