// The booking page over a business's own pages: every link with data-autosecretary-book opens it in
// a dialog. Without this script, or with a modifier key, it stays a link.
(() => {
  let dialog = null;
  let opener = null;

  function build(title) {
    dialog = document.createElement('dialog');
    dialog.setAttribute('aria-label', title);
    Object.assign(dialog.style, {
      padding: '0', border: '0', borderRadius: '12px', overflow: 'hidden', width: 'min(44rem, 100vw)',
      maxWidth: '100vw', height: 'min(52rem, 100dvh)', maxHeight: '100dvh',
      boxShadow: '0 24px 64px rgb(0 0 0 / 35%)',
    });
    const frame = document.createElement('iframe');
    frame.title = title;
    Object.assign(frame.style, { display: 'block', border: '0', width: '100%', height: '100%' });
    const close = document.createElement('button');
    close.type = 'button';
    close.textContent = '×';
    close.setAttribute('aria-label', 'Close');
    Object.assign(close.style, {
      position: 'absolute', insetBlockStart: '8px', insetInlineEnd: '8px', width: '44px',
      height: '44px', border: '0', borderRadius: '50%', background: 'rgb(255 255 255 / 85%)',
      color: '#14171c', font: '24px/1 system-ui, sans-serif', cursor: 'pointer',
    });
    close.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => {
      frame.removeAttribute('src');
      opener?.focus();
    });
    // A click beside the page closes it, too.
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog) dialog.close();
    });
    dialog.append(frame, close);
    document.body.append(dialog);
    return dialog;
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[data-autosecretary-book]');
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (!link || !isPlain || typeof HTMLDialogElement === 'undefined') return;
    event.preventDefault();
    opener = link;
    const shown = dialog ?? build(link.textContent.trim() || 'Book');
    shown.querySelector('iframe').src = link.href;
    shown.showModal();
  });
})();
