// The address of the page reproduces what its editors hold: /graphql?query=…&variables=….

const NAMES = ['query', 'variables', 'operationName'];
/** The most characters of an address: longer ones are refused by the service or by proxies. */
const LONGEST = 8000;

/** Return what the address asks to open. */
export function readAddress() {
  const given = new URLSearchParams(location.search);
  return Object.fromEntries(NAMES.filter((name) => given.get(name)).map((name) => [name, given.get(name)]));
}

/** Return the address that opens what a tab holds. */
export function addressOf(tab) {
  const given = new URLSearchParams();
  for (const name of NAMES) {
    if (tab[name]?.trim()) given.set(name, tab[name]);
  }
  const written = given.toString();
  return location.pathname + (written ? `?${written}` : '');
}

/** Show in the address bar what a tab holds, unless that is too long for an address. */
export function showAddress(tab) {
  const address = addressOf(tab);
  history.replaceState(null, '', address.length > LONGEST ? location.pathname : address);
}
