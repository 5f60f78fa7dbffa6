import { useRef, useState } from 'preact/hooks';
import { useSpeech } from '../words/words.js';

/** A command or a statement, to be copied; where the browser lets no page do that, to be selected. */
export function Code({ text }: { readonly text: string }) {
  const { words } = useSpeech();
  const place = useRef<HTMLPreElement>(null);
  const [isCopied, setCopied] = useState(false);
  // Browsers have none where the page does not come from this machine or over TLS.
  const clipboard = (navigator as { readonly clipboard?: Clipboard }).clipboard;
  const copy = async () => {
    if (place.current !== null) getSelection()?.selectAllChildren(place.current);
    if (clipboard === undefined) return;
    await clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  const label = clipboard === undefined ? words.select : words.copy;
  return (
    <div class="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard too. */}
      <pre tabIndex={0} ref={place}>
        <code>{text}</code>
      </pre>
      <button type="button" class="quiet" onClick={() => void copy()}>
        {isCopied ? words.copied : label}
      </button>
    </div>
  );
}
