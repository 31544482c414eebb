// Sentences of scripts in the page's language. The English text is the key, `%1` … are what goes
// in; Web/locales/<language>/scripts.json has the translations.

const language = globalThis.document?.documentElement.lang || 'en';
let words = language === 'en' ? {} : await load(language);

async function load(tag) {
	try {
		const answer = await fetch(`/assets/locales/${tag}/scripts.json`);
		return answer.ok ? await answer.json() : {};
	} catch {
		return {};  // English is better than a dead page.
	}
}

/** For tests: another catalogue. */
export function speak(catalogue) { words = catalogue; }

/** A sentence: `t('Moved to %1', name)`. */
export function t(key, ...values) {
	return fill(words[key] ?? key, values);
}

/** A sentence with a count, which is `%1`: `plural(3, '%1 minute', '%1 minutes')`. */
export function plural(count, one, other, ...values) {
	const forms = words[other];
	const form = forms?.[new Intl.PluralRules(language).select(count)] ?? forms?.other;
	return fill(form ?? (count === 1 ? one : other), [count, ...values]);
}

/** The language for `Intl` and `lang`. */
export const tag = language;

function fill(pattern, values) {
	return pattern.replace(/%(\d)/g, (sign, place) => values[place - 1] ?? sign);
}
