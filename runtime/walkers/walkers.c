#include "walkers/walkers.h"

#include "go/go_image.h"
#include "java/java_frames.h"
#include "java/java_vm.h"
#include "python/python_process.h"
#include "told/told_frame.h"

static const struct {
	enum hg_language language;
	hg_told_walker *frames;
} walkers[] = {
    {HG_LANGUAGE_GO, hg_go_frames}, {HG_LANGUAGE_PYTHON, hg_python_frames}, {HG_LANGUAGE_JAVA, hg_java_frames}};

bool hg_told_wants_c_frames(void)
{
	bool go = hg_go_images_update();
	return hg_java_is_loaded() || go;
}

bool hg_told_ends_c(uint64_t return_address)
{
	return hg_go_image_of_call(return_address);
}

bool hg_told_settled(void)
{
	return hg_go_images_settled() && hg_pythons_settled() && hg_java_settled();
}

void hg_told_doubt(void)
{
	hg_pythons_doubt();
	hg_java_doubt();
}

static void add(struct hg_told *told, enum hg_language language, const struct hg_told_frame *frame)
{
	struct hg_record_told record = {.function = frame->function,
	                                .file = frame->file,
	                                .line = frame->line,
	                                .flags = language | (frame->inlined ? HG_TOLD_INLINED : 0) | frame->entry};
	uint32_t number = hg_told_number(&record);
	if (number != HG_TOLD_NONE)
		told->frames[told->count++] = number;
}

void hg_told_find(struct hg_told_at *at, struct hg_told *told)
{
	struct hg_told_frame frames[HG_TOLD_MAX];
	told->count = told->languages = 0;
	at->spot = &told->spot;
	for (size_t i = 0; i < sizeof walkers / sizeof *walkers && told->count < HG_TOLD_MAX; i++) {
		size_t found = walkers[i].frames(at, frames, HG_TOLD_MAX - told->count);
		for (size_t k = 0; k < found; k++)
			add(told, walkers[i].language, &frames[k]);
		told->languages |= found ? UINT32_C(1) << walkers[i].language : 0;
	}
	told->cut = told->count == HG_TOLD_MAX;
}
