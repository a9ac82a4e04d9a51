/* Handles in memory of the caller's, in arrays and in structs, and such as the library lends. */
#include "box.h"
#include "examples.h"

static int visit(void *state, int result)
{
	box_enter(state);
	box_leave(state);
	return result;
}

int net_codec_init(net_codec *codec)
{
	codec->state = box_new();
	return 0;
}

int net_codec_copy(net_codec *to, net_codec *from)
{
	return visit(from->state, net_codec_init(to));
}

int net_codec_run(net_codec *codec)
{
	return visit(codec->state, 1);
}

int net_codec_renew(net_codec *codec)
{
	box_free(codec->state);
	return net_codec_init(codec);
}

int net_codec_end(net_codec *codec)
{
	box_free(codec->state);
	return 0;
}

/* --- pages --- */

struct net_page {
	struct box box;
	struct box *word;
};

net_page *net_page_open(void)
{
	net_page *page = (net_page *)box_new_of(sizeof *page);
	page->word = box_new();
	return page;
}

net_word *net_page_word(net_page *page)
{
	return visit(page, 1) ? (net_word *)page->word : NULL;
}

int net_word_length(net_word *word)
{
	return visit(word, 1);
}

void net_page_close(net_page *page)
{
	box_free(page->word);
	box_free(&page->box);
}

/* --- ends --- */

enum { ENDS = 16, FIRST = 40 };

static struct box *ends[ENDS];

static int take(void)
{
	static int next;
	ends[next] = box_new();
	return FIRST + next++;
}

int net_end_some(int count, struct net_end_in *some)
{
	for (int i = 0; i < count; i++)
		some[i] = (struct net_end_in){.kind = 1, .end = take()};
	return 0;
}

int net_end_pair(int pair[2])
{
	pair[0] = take();
	pair[1] = take();
	return 0;
}

int net_end_open(struct net_end_in *end)
{
	return net_end_some(1, end);
}

int net_end_send(int end)
{
	return visit(ends[end - FIRST], 1);
}

int net_end_both(const int pair[2])
{
	return net_end_send(pair[0]) + net_end_send(pair[1]);
}

int net_end_close(int end)
{
	box_free(ends[end - FIRST]);
	return 0;
}

/* --- tensors --- */

net_tensor *net_tensor_new(void)
{
	return (net_tensor *)box_new();
}

void net_tensor_batch(int count, net_tensor **tensors)
{
	for (int i = 0; i < count; i++)
		tensors[i] = (net_tensor *)box_new();
}

int net_tensor_size(net_tensor *tensor)
{
	box_enter((struct box *)tensor);
	box_leave((struct box *)tensor);
	return 1;
}

int net_tensor_fill(net_tensor *tensor)
{
	box_enter((struct box *)tensor);
	box_park((struct box *)tensor);
	box_leave((struct box *)tensor);
	return 2;
}

void net_tensor_free(net_tensor *tensor)
{
	box_free((struct box *)tensor);
}
