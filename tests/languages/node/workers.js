// One worker after the other loads the addon, uses gates and ends. When the last environment that has loaded an addon ends,
// Node unloads it, and with it goes the library, unless somebody holds on to it.
//
// Usage: workers.js ADDON stays|goes
const fs = require("fs");
const { Worker, isMainThread, workerData } = require("worker_threads");
const WORKERS = 3;

function isLoaded() {
	return fs.readFileSync("/proc/self/maps", "latin1").includes("/libgate.so");
}

function must(condition, sentence) {
	if (!condition)
		throw new Error(sentence);
}

function work(addon) {
	const gates = require(addon);
	const [first, second] = [gates.open(), gates.open()];
	must(gates.touch(first) === 1 && gates.touch(second) === 1, "an op ended otherwise");
	gates.close(first);
	gates.closeLater(second);
}

function run(addon) {
	return new Promise((resolve, reject) => {
		new Worker(__filename, { workerData: addon }).on("error", reject).on("exit", resolve);
	});
}

async function main(addon, fate) {
	for (let i = 0; i < WORKERS; i++) {
		must(await run(addon) === 0, "a worker failed");
		must(isLoaded() === (fate === "stays"), "the library is not where it should be");
	}
	console.log("done");
}

if (isMainThread)
	main(...process.argv.slice(2));
else
	work(workerData);
