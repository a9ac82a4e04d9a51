/* Usage: world_libportaudio quiet|race
 * `quiet` plays to a device that is none (ALSA's plugin "null") by a callback and by writes, one thread at a time.
 * `race` closes a stream while another thread waits for its callback to be over, uses it and closes it once more, and
 * asks the library when it has been terminated. */
#include <portaudio.h>
#include <semaphore.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "parked.h"
#include "quiet.h"

enum { FRAMES = 256, BAD_STREAM = paBadStreamPtr };

/* Devices of this machine's own are left alone. */
static void have_a_device(void)
{
	static const char text[] = "</usr/share/alsa/alsa.conf>\npcm.nothing { type null }\n";
	char path[32];
	int file = (int)syscall(SYS_memfd_create, "settings", 0);

	MUST(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	MUST(setenv("ALSA_CONFIG_PATH", path, 1) == 0 && Pa_Initialize() == paNoError);
}

static PaDeviceIndex nothing(void)
{
	for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); i++)
		if (strcmp(Pa_GetDeviceInfo(i)->name, "nothing") == 0)
			return i;
	MUST(!"there is such a device");
	return paNoDevice;
}

static PaStream *stream_with(PaStreamCallback *callback, void *data)
{
	PaStream *stream;
	PaStreamParameters output = {
	    .device = nothing(), .channelCount = 1, .sampleFormat = paInt16, .suggestedLatency = 0.1};

	MUST(Pa_IsFormatSupported(NULL, &output, 48000) == paFormatIsSupported);
	MUST(Pa_OpenStream(&stream, NULL, &output, 48000, FRAMES, paNoFlag, callback, data) == paNoError);
	return stream;
}

/* ---- What is allowed ---- */

struct sound {
	sem_t is_over;
	atomic_int left;
	PaStream *stream;
};

static int play(const void *input, void *output, unsigned long frames, const PaStreamCallbackTimeInfo *time,
                PaStreamCallbackFlags flags, void *sound)
{
	struct sound *played = sound;

	(void)flags;
	MUST(!input && time && Pa_GetStreamCpuLoad(played->stream) >= 0);
	memset(output, 0, frames * 2);
	if (played->left-- > 0)
		return paContinue;
	sem_post(&played->is_over);
	return paComplete;
}

static void play_by_a_callback(void)
{
	struct sound sound = {.left = 5};

	MUST(sem_init(&sound.is_over, 0, 0) == 0);
	sound.stream = stream_with(play, &sound);
	MUST(Pa_IsStreamStopped(sound.stream) == 1 && Pa_StartStream(sound.stream) == paNoError);
	sem_wait(&sound.is_over);
	MUST(Pa_GetStreamInfo(sound.stream) && Pa_StopStream(sound.stream) == paNoError);
	MUST(Pa_IsStreamActive(sound.stream) == 0 && Pa_CloseStream(sound.stream) == paNoError);
}

static void play_by_writes(void)
{
	short silence[FRAMES] = {0};
	PaStream *stream = stream_with(NULL, NULL);

	MUST(Pa_StartStream(stream) == paNoError && Pa_GetStreamWriteAvailable(stream) >= 0);
	for (int i = 0; i < 5; i++)
		MUST(Pa_WriteStream(stream, silence, FRAMES) == paNoError);
	MUST(Pa_AbortStream(stream) == paNoError && Pa_CloseStream(stream) == paNoError);
}

static void quiet(void)
{
	have_a_device();
	MUST(Pa_Initialize() == paNoError && Pa_Terminate() == paNoError);
	for (int i = 0; i < 3; i++) {
		play_by_a_callback();
		play_by_writes();
	}
	stream_with(NULL, NULL); /* the last one of these closes it */
	MUST(Pa_Terminate() == paNoError);
}

/* ---- What is not ---- */

static sem_t is_inside, may_go_on;
static _Atomic pid_t stopper;

static int wait_inside(const void *input, void *output, unsigned long frames, const PaStreamCallbackTimeInfo *time,
                       PaStreamCallbackFlags flags, void *unused)
{
	static atomic_bool has_waited;

	(void)flags;
	MUST(!input && time && !unused);
	memset(output, 0, frames * 2);
	if (!atomic_exchange(&has_waited, true)) {
		sem_post(&is_inside);
		sem_wait(&may_go_on);
	}
	return paContinue;
}

static void *stop(void *stream)
{
	stopper = (pid_t)syscall(SYS_gettid);
	Pa_StopStream(stream);
	return NULL;
}

static void race(void)
{
	have_a_device();
	MUST(sem_init(&is_inside, 0, 0) == 0 && sem_init(&may_go_on, 0, 0) == 0);
	PaStream *stream = stream_with(wait_inside, NULL);
	MUST(Pa_StartStream(stream) == paNoError);
	sem_wait(&is_inside);
	pthread_t thread = start(stop, stream);
	await_asleep(&stopper);
	MUST(Pa_GetDeviceCount() > 0); /* two threads in the library */
	Pa_CloseStream(stream);        /* gives up at the deadline */
	MUST(Pa_IsStreamActive(stream) == BAD_STREAM);
	sem_post(&may_go_on);
	join(thread);
	MUST(Pa_GetStreamTime(stream) == 0);
	Pa_CloseStream(stream);
	MUST(Pa_Terminate() == paNoError && Pa_GetDeviceCount() == paNotInitialized);
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
