// The main thread closes a gate while a thread of Node's pool waits in it. The fixed variant closes it when that has ended.
//
// Usage: late_free.js ADDON race|fixed
const [addon, variant] = process.argv.slice(2);
const gates = require(addon);

async function main() {
	const gate = gates.open();
	const waiting = gates.wait(gate);
	gates.awaitParked(gate);
	if (variant === "race")
		gates.close(gate);
	gates.letGo(gate);
	if (await waiting !== 2)
		throw new Error("the wait ended otherwise");
	if (variant === "fixed")
		gates.close(gate);
	console.log("done");
}

main();
