"use strict";
/* The report, from what fold.c made of it: equal values are one object here, too. */

function unfold(text) {
	const data = JSON.parse(text);
	const values = [];

	for (const folded of data.values) {
		if (!Array.isArray(folded)) {
			values.push(folded);
			continue;
		}
		const [keys, ...members] = folded;
		const names = data.keys[keys - 1];
		values.push(keys === 0 ? members.map(number => values[number])
			: Object.fromEntries(members.map((number, i) => [names[i], values[number]])));
	}
	const all = numbers => numbers.map(number => values[number]);
	return {...values[data.report], ...values[data.page], recordings: all(data.recordings), findings: all(data.findings)};
}

const report = unfold(document.getElementById("data").textContent);
