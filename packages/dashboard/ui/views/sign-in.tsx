import { useState } from 'preact/hooks';
import { keepToken } from '../data/client.js';
import { useSpeech } from '../words/words.js';

/** A browser sends nothing else, and a server reads no longer header. */
const SENDABLE = /^[\x20-\x7e]{1,1024}$/;

/** Asks for the token. */
export function SignIn({ wasWrong, onToken }: { readonly wasWrong: boolean; readonly onToken: () => void }) {
  const { words } = useSpeech();
  const [token, setToken] = useState('');
  const [isUnusable, setUnusable] = useState(false);
  const open = (event: Event) => {
    event.preventDefault();
    const typed = token.trim();
    setUnusable(!SENDABLE.test(typed));
    if (!SENDABLE.test(typed)) return;
    keepToken(typed);
    onToken();
  };
  return (
    <form class="sign-in card" onSubmit={open}>
      <h1>{words.signIn.title}</h1>
      <p class="faint">{words.signIn.hint}</p>
      <label for="token">{words.signIn.token}</label>
      <div class="row">
        <input
          id="token"
          type="password"
          autocomplete="off"
          required
          value={token}
          aria-describedby="wrong"
          onInput={(event) => setToken(event.currentTarget.value)}
        />
        <button type="submit" class="primary">
          {words.signIn.open}
        </button>
      </div>
      <p id="wrong" class="bad-text" role="alert">
        {isUnusable ? words.signIn.unusable : wasWrong ? words.signIn.wrong : ''}
      </p>
    </form>
  );
}
