// The country chosen sets time zone and currency; before anything is chosen, the browser's own
// zone does. Without this script all three are plain selects.
const form = document.querySelector('[data-sign-up]');
const { country, time_zone: zone, currency } = form.elements;

const has = (select, value) => [...select.options].some((option) => option.value === value);

country.addEventListener('change', () => {
  const chosen = country.selectedOptions[0].dataset;
  zone.value = chosen.zone;
  currency.value = chosen.currency;
});

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const isFresh = !form.elements.business_name.value && !location.search.includes('country=');
if (isFresh && has(zone, own)) {
  zone.value = own;
  const name = zone.selectedOptions[0].parentElement.label;
  const match = [...country.options].find((option) => option.textContent === name);
  if (match) {
    country.value = match.value;
    currency.value = match.dataset.currency;
  }
}
