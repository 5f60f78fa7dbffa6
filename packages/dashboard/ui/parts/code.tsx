import { useState } from 'preact/hooks';
import { useSpeech } from '../words/words.js';

/** A command or a statement, to be copied where the browser allows that. */
export function Code({ text }: { readonly text: string }) {
  const { words } = useSpeech();
  const [isCopied, setCopied] = useState(false);
  // Browsers have none where the page does not come from this machine or over TLS.
  const clipboard = (navigator as { readonly clipboard?: Clipboard }).clipboard;
  const copy = async () => {
    await clipboard?.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <div class="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard too. */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
      {clipboard !== undefined && (
        <button type="button" class="quiet" onClick={() => void copy()}>
          {isCopied ? words.copied : words.copy}
        </button>
      )}
    </div>
  );
}
