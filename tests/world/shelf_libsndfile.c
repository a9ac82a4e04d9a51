/* Usage: world_libsndfile quiet|race
 * Files of sound in memory, by functions of its own. `quiet` writes one and reads it back, on several threads at once,
 * each a file of its own. `race` closes a file while another thread waits in the function that reads for it, uses it
 * afterwards, and closes it twice. */
#include <pthread.h>
#include <semaphore.h>
#include <sndfile.h>
#include <string.h>

#include "quiet.h"

struct memory {
	char bytes[4096];
	sf_count_t size, at;
	sem_t *is_read, *may_go_on; /* null: reads do not wait */
};

static sf_count_t length(void *data)
{
	return ((struct memory *)data)->size;
}

static sf_count_t seek(sf_count_t offset, int from, void *data)
{
	struct memory *memory = data;

	memory->at = offset + (from == SEEK_CUR ? memory->at : from == SEEK_END ? memory->size : 0);
	return memory->at;
}

static sf_count_t read_bytes(void *to, sf_count_t count, void *data)
{
	struct memory *memory = data;
	sf_count_t left = memory->size - memory->at;

	if (memory->is_read) {
		sem_post(memory->is_read);
		sem_wait(memory->may_go_on);
	}
	count = count < left ? count : left;
	memcpy(to, memory->bytes + memory->at, (size_t)count);
	memory->at += count;
	return count;
}

static sf_count_t write_bytes(const void *from, sf_count_t count, void *data)
{
	struct memory *memory = data;

	MUST(memory->at + count <= (sf_count_t)sizeof(memory->bytes));
	memcpy(memory->bytes + memory->at, from, (size_t)count);
	memory->at += count;
	memory->size = memory->at > memory->size ? memory->at : memory->size;
	return count;
}

static sf_count_t tell(void *data)
{
	return ((struct memory *)data)->at;
}

static SNDFILE *open_memory(struct memory *memory, int mode)
{
	static SF_VIRTUAL_IO functions = {length, seek, read_bytes, write_bytes, tell};
	SF_INFO info = {.samplerate = 8000, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};

	memory->at = 0;
	SNDFILE *file = sf_open_virtual(&functions, mode, mode == SFM_WRITE ? &info : &(SF_INFO){0}, memory);
	MUST(file);
	return file;
}

static void write_file(struct memory *memory)
{
	static const short samples[] = {1, 2, 3, 4};
	SF_CHUNK_INFO chunk = {.id = "Note", .id_size = 4, .datalen = 4, .data = (char[]){"text"}};
	SNDFILE *file = open_memory(memory, SFM_WRITE);

	MUST(sf_set_chunk(file, &chunk) == SF_ERR_NO_ERROR && sf_set_string(file, SF_STR_TITLE, "title") == 0);
	MUST(sf_writef_short(file, samples, 4) == 4);
	sf_write_sync(file);
	MUST(sf_close(file) == 0);
}

static void read_chunks(SNDFILE *file)
{
	SF_CHUNK_INFO chunk = {.id = "Note", .id_size = 4};
	int count = 0;

	for (SF_CHUNK_ITERATOR *at = sf_get_chunk_iterator(file, &chunk); at; at = sf_next_chunk_iterator(at))
		count += sf_get_chunk_size(at, &chunk) == SF_ERR_NO_ERROR;
	MUST(count == 1);
	/* The next one goes with the file. */
	MUST(sf_get_chunk_iterator(file, NULL));
}

static void *write_and_read(void *unused)
{
	for (int i = 0; i < 50; i++) {
		struct memory memory = {0};
		short samples[4] = {0};
		write_file(&memory);
		SNDFILE *file = open_memory(&memory, SFM_READ);
		read_chunks(file);
		MUST(sf_readf_short(file, samples, 4) == 4 && samples[3] == 4 && sf_error(file) == SF_ERR_NO_ERROR);
		MUST(sf_seek(file, 1, SEEK_SET) == 1 && strcmp(sf_get_string(file, SF_STR_TITLE), "title") == 0);
		MUST(sf_close(file) == 0);
	}
	return unused;
}

static void quiet(void)
{
	pthread_t threads[3];

	for (int i = 0; i < 3; i++)
		threads[i] = start(write_and_read, NULL);
	for (int i = 0; i < 3; i++)
		join(threads[i]);
	MUST(!sf_open("/nowhere", SFM_READ, &(SF_INFO){0}) && sf_error(NULL) != SF_ERR_NO_ERROR && sf_strerror(NULL));
}

static void *read_all(void *file)
{
	short samples[4];

	sf_readf_short(file, samples, 4);
	return NULL;
}

static void race(void)
{
	struct memory memory = {0};
	sem_t is_read, may_go_on;

	MUST(sem_init(&is_read, 0, 0) == 0 && sem_init(&may_go_on, 0, 0) == 0);
	write_file(&memory);
	SNDFILE *file = open_memory(&memory, SFM_READ);
	memory.is_read = &is_read, memory.may_go_on = &may_go_on;
	pthread_t thread = start(read_all, file);
	sem_wait(&is_read);
	sf_close(file); /* gives up at the deadline */
	MUST(sf_seek(file, 0, SEEK_SET) == -1 && strcmp(sf_strerror(file), "this file is closed") == 0);
	sf_close(file);
	memory.is_read = NULL;
	sem_post(&may_go_on);
	join(thread);
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
