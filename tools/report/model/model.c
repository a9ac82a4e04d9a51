/* Memory and texts of a report. */
#include "report/model/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define obstack_chunk_alloc malloc
#define obstack_chunk_free  free

void hg_model_init(struct hg_model *model)
{
	memset(model, 0, sizeof(*model));
	obstack_init(&model->lasting);
	obstack_init(&model->passing);
	model->memory = &model->lasting;
}

void hg_recording_drop_bytes(struct hg_recording *recording)
{
	if (recording->bytes)
		munmap(recording->bytes, recording->size);
	recording->bytes = NULL;
}

void hg_model_drop(struct hg_model *model)
{
	for (struct hg_recording *recording = model->recordings; recording; recording = recording->next)
		hg_recording_drop_bytes(recording);
	HASH_CLEAR(by_file, model->files);
	HASH_CLEAR(hh, model->starts);
	HASH_CLEAR(hh, model->groups);
	HASH_CLEAR(hh, model->fits);
	if (model->counted)
		model->drop_counted(model->counted);
	if (model->symbolizer)
		model->drop_symbolizer(model->symbolizer);
	if (model->merged)
		model->drop_merged(model->merged);
	obstack_free(&model->passing, NULL);
	obstack_free(&model->lasting, NULL);
}

void *hg_model_take(struct hg_model *model, size_t size)
{
	void *taken = obstack_alloc(model->memory, size);

	memset(taken, 0, size);
	return taken;
}

void hg_model_begin_passing(struct hg_model *model)
{
	model->memory = &model->passing;
}

void hg_model_end_passing(struct hg_model *model)
{
	model->memory = &model->lasting;
}

void hg_model_drop_passing(struct hg_model *model)
{
	obstack_free(&model->passing, NULL);
	obstack_init(&model->passing);
}

void *hg_model_mark(struct hg_model *model)
{
	return obstack_alloc(model->memory, 0);
}

void hg_model_forget(struct hg_model *model, void *mark)
{
	obstack_free(model->memory, mark);
}

/* Bytes of the well-formed UTF-8 character at `text` (Unicode 15, table 3-7); 0: it is not one. */
static size_t character(const unsigned char *text, size_t left)
{
	size_t length = text[0] < 0x80                       ? 1
	                : text[0] >= 0xc2 && text[0] <= 0xdf ? 2
	                : (text[0] & 0xf0) == 0xe0           ? 3
	                : text[0] >= 0xf0 && text[0] <= 0xf4 ? 4
	                                                     : 0;

	if (length == 0 || length > left)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
	    (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f))
		return 0;
	return length;
}

static void grow_control(struct obstack *memory, unsigned char control)
{
	char escape[8];

	if (control == '\n' || control == '\t')
		snprintf(escape, sizeof(escape), "\\%c", control == '\n' ? 'n' : 't');
	else
		snprintf(escape, sizeof(escape), "\\x%02x", control);
	obstack_grow(memory, escape, (int)strlen(escape));
}

static const char *copy_text(struct hg_model *model, const char *text, size_t length, bool keep_controls)
{
	const unsigned char *at = (const unsigned char *)text;
	const unsigned char *end = at + length;

	while (at < end) {
		size_t step = character(at, (size_t)(end - at));
		if (step == 0)
			obstack_grow(model->memory, "\xef\xbf\xbd", 3);
		else if (step == 1 && (*at < 0x20 || *at == 0x7f) && !keep_controls)
			grow_control(model->memory, *at);
		else if (step == 2 && at[0] == 0xc2 && at[1] < 0xa0 && !keep_controls)
			grow_control(model->memory, at[1]); /* C1 controls: terminals obey them, too */
		else
			obstack_grow(model->memory, at, (int)step);
		at += step == 0 ? 1 : step;
	}
	obstack_1grow(model->memory, 0);
	return obstack_finish(model->memory);
}

const char *hg_model_text(struct hg_model *model, const char *text, size_t length)
{
	return copy_text(model, text, strnlen(text, length), false);
}

const char *hg_model_string(struct hg_model *model, const char *text)
{
	return copy_text(model, text, strlen(text), false);
}

const char *hg_model_raw_text(struct hg_model *model, const char *text, size_t length)
{
	return copy_text(model, text, strnlen(text, length), true);
}

const char *hg_model_printf(struct hg_model *model, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	obstack_vprintf(model->memory, format, arguments);
	va_end(arguments);
	obstack_1grow(model->memory, 0);
	return obstack_finish(model->memory);
}
