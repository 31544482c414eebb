// On narrow screens one of the three is shown; the tabs switch without reloading them.
const demo = document.querySelector('[data-demo]');
const tabs = [...document.querySelectorAll('[data-tab]')];

function show(pane) {
  demo.dataset.pane = pane;
  for (const tab of tabs) {
    if (tab.dataset.tab === pane) tab.setAttribute('aria-current', 'true');
    else tab.removeAttribute('aria-current');
  }
}

for (const tab of tabs) {
  tab.addEventListener('click', (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    history.replaceState(null, '', tab.href);
    show(tab.dataset.tab);
  });
}
