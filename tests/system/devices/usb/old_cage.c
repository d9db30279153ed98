/* Debian 12's cage (0.1.4, wlroots 0.15) on a headless screen, made as it is on a Pi's:
 * - A window that fills the screen is offered to the screen as it is. A Pi's refuses (the picture
 *   lies in ordinary memory) and cage paints; the headless one takes it, and the next picture of
 *   the window is never shown. Here it refuses too.
 * - It is as large as a Pi's: this cage cannot be told a size. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

static bool offered;

void wlr_output_attach_buffer(void *output, void *buffer)
{
	void (*real)(void *, void *) = dlsym(RTLD_NEXT, "wlr_output_attach_buffer");
	Dl_info caller;

	/* wlroots itself attaches what cage has painted. */
	if (dladdr(__builtin_return_address(0), &caller) && strstr(caller.dli_fname, "libwlroots"))
		real(output, buffer);
	else
		offered = true;
}

bool wlr_output_commit(void *output)
{
	bool (*real)(void *) = dlsym(RTLD_NEXT, "wlr_output_commit");
	void (*take_back)(void *) = dlsym(RTLD_NEXT, "wlr_output_rollback");
	if (!offered)
		return real(output);
	offered = false;
	take_back(output);
	return false;
}

void *wlr_headless_add_output(void *backend, unsigned width, unsigned height)
{
	void *(*real)(void *, unsigned, unsigned) = dlsym(RTLD_NEXT, "wlr_headless_add_output");
	return real(backend, 800, 480);
}
