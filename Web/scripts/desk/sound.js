// A short soft tone when somebody writes; made here, so there is no file to load.

let audio;
let isOn = localStorage.getItem('desk:sound') !== 'off';

/** Browsers allow sound only after the person did something on the page. */
export function armSound() {
  const arm = () => {
    audio ??= new AudioContext();
    audio.resume();
  };
  addEventListener('pointerdown', arm, { once: true });
  addEventListener('keydown', arm, { once: true });
}

export function toggleSound() {
  isOn = !isOn;
  localStorage.setItem('desk:sound', isOn ? 'on' : 'off');
  return isOn;
}

export const soundIsOn = () => isOn;

export function chime() {
  document.documentElement.dataset.chimes = Number(document.documentElement.dataset.chimes ?? 0) + 1;
  if (!isOn || !audio || audio.state !== 'running') return;
  const start = audio.currentTime;
  for (const [index, pitch] of [660, 880].entries()) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    const at = start + index * 0.12;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.12, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.25);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.3);
  }
}
