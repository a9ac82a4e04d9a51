/* Usage: world_libasound quiet|race
 * `quiet` plays to and records from a device that is none (the plugin "null") on several threads, and asks one about
 * its state while another plays to it. `race` closes a device that plays into a full pipe (the plugin "file") while
 * another thread writes to it, uses it afterwards, and closes it once more. */
#include <alsa/asoundlib.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parked.h"
#include "quiet.h"

enum { FRAMES = 1024 };

static snd_config_t *config_of(const char *text)
{
	snd_config_t *config;
	snd_input_t *input;

	MUST(snd_config_top(&config) == 0 && snd_input_buffer_open(&input, text, (ssize_t)strlen(text)) == 0);
	MUST(snd_config_load(config, input) == 0 && snd_input_close(input) == 0);
	return config;
}

static snd_pcm_t *device(snd_config_t *config, const char *name, snd_pcm_stream_t stream)
{
	snd_pcm_t *pcm;

	MUST(snd_pcm_open_lconf(&pcm, name, stream, 0, config) == 0);
	MUST(snd_pcm_set_params(pcm, SND_PCM_FORMAT_S16, SND_PCM_ACCESS_RW_INTERLEAVED, 1, 48000, 0, 100000) == 0);
	return pcm;
}

/* ---- What is allowed ---- */

static snd_config_t *nothing;
static atomic_bool has_played;

static void *ask(void *pcm)
{
	snd_pcm_sframes_t delay;

	do
		MUST(snd_pcm_avail(pcm) >= 0 && snd_pcm_delay(pcm, &delay) >= 0 && snd_pcm_wait(pcm, 0) >= 0);
	while (!has_played);
	return pcm;
}

static void play(snd_pcm_t *pcm)
{
	short sound[FRAMES] = {0};

	has_played = false;
	pthread_t asker = start(ask, pcm);
	for (int i = 0; i < 20; i++)
		MUST(snd_pcm_writei(pcm, sound, FRAMES) == FRAMES);
	has_played = true;
	join(asker);
	MUST(snd_pcm_stream(pcm) == SND_PCM_STREAM_PLAYBACK && snd_pcm_drop(pcm) == 0 && snd_pcm_prepare(pcm) == 0);
	MUST(snd_pcm_hw_free(pcm) == 0);
}

static void *record(void *unused)
{
	short sound[FRAMES];

	for (int i = 0; i < 20; i++) {
		snd_pcm_t *pcm = device(nothing, "nothing", SND_PCM_STREAM_CAPTURE);
		MUST(snd_pcm_start(pcm) == 0 && snd_pcm_state(pcm) == SND_PCM_STATE_RUNNING);
		MUST(snd_pcm_readi(pcm, sound, FRAMES) == FRAMES && snd_pcm_nonblock(pcm, 1) == 0);
		MUST(snd_pcm_close(pcm) == 0);
	}
	return unused;
}

static void mix_nothing(void)
{
	snd_mixer_t *mixer;

	MUST(snd_mixer_open(&mixer, 0) == 0 && snd_mixer_selem_register(mixer, NULL, NULL) == 0);
	MUST(snd_mixer_load(mixer) == 0 && snd_mixer_get_count(mixer) == 0 && !snd_mixer_first_elem(mixer));
	MUST(snd_mixer_close(mixer) == 0);
}

static void quiet(void)
{
	nothing = config_of("pcm.nothing { type null }");
	pthread_t recorder = start(record, NULL);
	for (int i = 0; i < 10; i++) {
		snd_pcm_t *pcm = device(nothing, "nothing", SND_PCM_STREAM_PLAYBACK);
		play(pcm);
		MUST(snd_pcm_close(pcm) == 0);
		mix_nothing();
	}
	join(recorder);
	MUST(snd_config_delete(nothing) == 0);
}

/* ---- What is not ---- */

static _Atomic pid_t writer;

static int is_write(long number)
{
	return number == SYS_write;
}

static void *write_on(void *pcm)
{
	short sound[FRAMES] = {0};
	snd_pcm_sframes_t written;

	writer = (pid_t)syscall(SYS_gettid);
	do
		written = snd_pcm_writei(pcm, sound, FRAMES);
	while (written > 0);
	MUST(written == -ENODEV);
	return NULL;
}

static void empty(int pipe)
{
	char bytes[4096];

	while (read(pipe, bytes, sizeof(bytes)) > 0)
		continue;
}

static void race(void)
{
	char folder[] = "/tmp/handleguard-alsa-XXXXXX", path[64], text[256];

	MUST(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/pipe", folder);
	snprintf(text, sizeof(text),
	         "pcm.nothing { type null } pcm.slow { type file slave.pcm nothing file '%s' format raw }", path);
	MUST(mkfifo(path, 0600) == 0);
	int pipe = open(path, O_RDWR | O_NONBLOCK);
	snd_config_t *config = config_of(text);
	snd_pcm_t *pcm = device(config, "slow", SND_PCM_STREAM_PLAYBACK);
	while (write(pipe, (char[4096]){0}, 4096) > 0)
		continue;
	pthread_t thread = start(write_on, pcm);

	await_call(&writer, is_write);
	snd_pcm_close(pcm); /* gives up at the deadline */
	MUST(snd_pcm_avail(pcm) == -ENODEV && snd_pcm_start(NULL) == -ENODEV);
	empty(pipe);
	join(thread);
	snd_pcm_close(pcm);
	MUST(snd_config_delete(config) == 0 && unlink(path) == 0 && rmdir(folder) == 0);
	close(pipe);
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
