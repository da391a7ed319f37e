// Days and hours as people in Tokyo read them, whatever zone the browser is in.

const zone = { timeZone: "Asia/Tokyo" };
const hour = new Intl.DateTimeFormat("ja-JP", { ...zone, hour: "2-digit", minute: "2-digit", hour12: false });
const clock = new Intl.DateTimeFormat("ja-JP", { ...zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat("ja-JP", { ...zone, month: "numeric", day: "numeric", weekday: "short" });
const long = new Intl.DateTimeFormat("ja-JP", { ...zone, year: "numeric", month: "long", day: "numeric", weekday: "short" });
const iso = new Intl.DateTimeFormat("sv-SE", { ...zone, dateStyle: "short", timeStyle: "short" });

export const hourOf = (at) => hour.format(at);
export const clockOf = (at) => clock.format(at);
export const dayOf = (at) => day.format(at);
export const longDayOf = (at) => long.format(at);
/** Return the moment as a field of type datetime-local holds it. */
export const fieldOf = (at) => iso.format(at).replace(" ", "T");
