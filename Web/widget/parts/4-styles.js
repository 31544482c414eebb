// What the visitor sees.

const STYLES = `
:host { all: initial; --bg: #fff; --soft: #f2f2f4; --edge: #e2e2e7; --text: #18181b; --dim: #5d5d66;
	--bad: #c01c1c; --strong: color-mix(in oklab, var(--accent) 60%, var(--text));
	color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; color: var(--text) }
@media (prefers-color-scheme: dark) { :host { --bg: #18181b; --soft: #2b2b30; --edge: #38383f;
	--text: #f4f4f5; --dim: #a8a8b2; --bad: #ff8a8a } }
* { box-sizing: border-box; margin: 0 }
[hidden] { display: none !important }
button { font: inherit; color: inherit; background: none; border: 0; cursor: pointer }
:focus-visible { outline: 2px solid; outline-offset: 2px }
.sr { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }
.launcher, .panel, .pop { position: fixed; z-index: 2147483000; bottom: 88px; right: 20px;
	background: var(--bg); border: 1px solid var(--edge); border-radius: 16px;
	box-shadow: 0 8px 32px #0003 }
.round { flex: none; width: 40px; height: 40px; padding: 0; border-radius: 50%; display: grid;
	place-items: center; font: 600 20px system-ui; background: var(--accent); color: var(--ink) }
.launcher { bottom: 20px; width: 56px; height: 56px; border: 0; border-radius: 50% }
.launcher::before { content: ''; width: 26px; height: 24px; border: 3px solid;
	border-radius: 50% 50% 50% 4px }
[aria-expanded=true]::before { content: '✕'; border: 0 }
.badge { position: absolute; top: -4px; right: -4px; min-width: 22px; padding: 0 5px;
	border: 2px solid var(--bg); border-radius: 12px; background: #c01c1c; color: #fff;
	font-size: 12px; line-height: 18px }
.pop { display: flex; max-width: min(300px, 100vw - 40px) }
.pop button:first-child { padding: 12px 0 12px 16px; text-align: start }
.pop span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2;
	overflow: hidden; overflow-wrap: anywhere }
.plain { background: none; color: var(--dim); font-size: 16px }
.panel { display: flex; flex-direction: column; width: 380px; height: min(640px, 100dvh - 108px);
	overflow: hidden }
.head { display: flex; align-items: center; gap: 12px; padding: 12px 8px 12px 16px;
	border-bottom: 1px solid var(--edge) }
.head div { flex: 1; min-width: 0 }
h2 { font-size: 16px; overflow-wrap: anywhere }
.line, .typing, .day, .name, .meta { font-size: 13px; color: var(--dim) }
.online::before { content: ''; display: inline-block; margin-inline-end: 6px; border: 4px solid #16a34a;
	border-radius: 50% }
.banner { padding: 8px 16px; background: var(--soft); font-size: 13px }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 4px 16px 12px;
	outline-offset: -2px }
.day { margin-top: 16px; text-align: center }
.row { display: grid; justify-items: start; margin-top: 12px }
.next { margin-top: 3px }
.own { justify-items: end }
.bubble { max-width: 85%; padding: 8px 12px; border-radius: 16px; background: var(--soft);
	white-space: pre-wrap; overflow-wrap: anywhere }
.own .bubble { background: var(--accent); color: var(--ink) }
a { color: inherit }
.name, .meta { margin: 2px 4px; font-size: 12px }
.meta button { color: var(--text); text-decoration: underline }
.read i { color: var(--strong) }
.failed span { color: var(--bad) }
i { margin: 0 8px 0 4px; letter-spacing: -.4em; font-style: normal }
.foot { position: relative; border-top: 1px solid var(--edge) }
.latest { position: absolute; bottom: calc(100% + 8px); left: 50%; translate: -50%; font-size: 13px;
	padding: 6px 14px; border: 1px solid var(--edge); border-radius: 16px; background: var(--bg) }
.typing { padding: 6px 16px 0 }
.typing::before { content: '••• '; animation: fade .7s infinite alternate }
@keyframes fade { to { opacity: .3 } }
form { display: flex; align-items: end; gap: 8px; padding: 10px 12px }
textarea { flex: 1; min-width: 0; max-height: 132px; padding: 8px 14px; resize: none;
	color: inherit; font: 16px/22px system-ui; background: var(--bg); border: 1px solid var(--dim);
	border-radius: 20px }
textarea:focus { outline: 2px solid var(--strong); outline-offset: -1px }
textarea::placeholder { color: var(--dim); opacity: 1 }
@media (max-width: 479px) {
	.panel { inset: var(--top, 0) 0 auto; width: auto; height: var(--height, 100dvh); border: 0;
		border-radius: 0 }
	[aria-expanded=true] { display: none }
}
@media (prefers-reduced-motion) { .typing::before { animation: none } }
@media print { :host { display: none } }`;
