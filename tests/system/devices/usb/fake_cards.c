/* Preloaded into a sound server: makes libasound see the cards of a folder.
 *
 * $USB_RIG holds card0, card1, ...; each file is "id|name|long name". The PCMs behind them are
 * fake_pcm.c's. With USB_RIG_NO_CONTROL a card's control device refuses (PipeWire's own process
 * would use the handle for more than is answered here).
 */
#define _GNU_SOURCE
#include <alsa/asoundlib.h>
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT 256
#define MAX_CARDS 32
#define MAGIC 0x5b0c4a9du

struct card { char id[TEXT], name[TEXT], longname[TEXT]; };

static int read_card(int number, struct card *card) {
    char path[1024], line[3 * TEXT];
    const char *folder = getenv("USB_RIG");
    if (!folder || number < 0) return -ENODEV;
    snprintf(path, sizeof path, "%s/card%d", folder, number);
    FILE *file = fopen(path, "r");
    if (!file) return -ENODEV;
    char *read = fgets(line, sizeof line, file);
    fclose(file);
    if (!read) return -ENODEV;
    char *rest = line, *id = strsep(&rest, "|\n"), *name = strsep(&rest, "|\n"),
         *longname = strsep(&rest, "|\n");
    snprintf(card->id, TEXT, "%s", id ? id : "");
    snprintf(card->name, TEXT, "%s", name ? name : "");
    snprintf(card->longname, TEXT, "%s", longname ? longname : "");
    return 0;
}

int snd_card_get_index(const char *name) {
    struct card card;
    if (!strncmp(name, "hw:", 3)) name += 3;
    if (isdigit((unsigned char)*name)) return read_card(atoi(name), &card) ? -ENODEV : atoi(name);
    for (int number = 0; number < MAX_CARDS; number++)
        if (!read_card(number, &card) && !strcmp(card.id, name)) return number;
    return -ENODEV;
}

int snd_card_load(int number) {
    struct card card;
    return read_card(number, &card) == 0;
}

int snd_card_next(int *number) {
    struct card card;
    for (int next = *number + 1; next < MAX_CARDS; next++)
        if (!read_card(next, &card)) return *number = next, 0;
    *number = -1;
    return 0;
}

int snd_card_get_name(int number, char **name) {
    struct card card;
    if (read_card(number, &card)) return -ENODEV;
    *name = strdup(card.name);
    return 0;
}

int snd_card_get_longname(int number, char **name) {
    struct card card;
    if (read_card(number, &card)) return -ENODEV;
    *name = strdup(card.longname);
    return 0;
}

/* The control device: as much of it as the servers ask when they probe a card. */
struct control { unsigned magic; int card; };

static int is_ours(void *control) { return control && ((struct control *)control)->magic == MAGIC; }

int snd_ctl_open(snd_ctl_t **control, const char *name, int mode) {
    int number = strncmp(name, "hw:", 3) ? -1 : snd_card_get_index(name);
    if (number < 0) {
        int (*real)(snd_ctl_t **, const char *, int) = dlsym(RTLD_NEXT, "snd_ctl_open");
        return real(control, name, mode);
    }
    if (getenv("USB_RIG_NO_CONTROL")) return -ENOENT;
    struct control *made = calloc(1, sizeof *made);
    made->magic = MAGIC;
    made->card = number;
    *control = (snd_ctl_t *)made;
    return 0;
}

int snd_ctl_close(snd_ctl_t *control) {
    if (is_ours(control)) return free(control), 0;
    int (*real)(snd_ctl_t *) = dlsym(RTLD_NEXT, "snd_ctl_close");
    return real(control);
}

/* As the kernel's struct snd_ctl_card_info, which libasound's opaque type is. */
struct card_info {
    int card, pad;
    char id[16], driver[16], name[32], longname[80], reserved[16], mixername[80], components[128];
};

int snd_ctl_card_info(snd_ctl_t *control, snd_ctl_card_info_t *info) {
    if (!is_ours(control)) {
        int (*real)(snd_ctl_t *, snd_ctl_card_info_t *) = dlsym(RTLD_NEXT, "snd_ctl_card_info");
        return real(control, info);
    }
    struct card card;
    struct card_info *out = (void *)info;
    int number = ((struct control *)control)->card;
    if (read_card(number, &card)) return -ENODEV;
    memset(out, 0, sizeof *out);
    out->card = number;
    snprintf(out->id, sizeof out->id, "%.15s", card.id);
    snprintf(out->driver, sizeof out->driver, "USB-Audio");
    snprintf(out->name, sizeof out->name, "%.31s", card.name);
    snprintf(out->longname, sizeof out->longname, "%.79s", card.longname);
    snprintf(out->mixername, sizeof out->mixername, "USB Mixer");
    snprintf(out->components, sizeof out->components, "USB0d8c:0014");
    return 0;
}

int snd_ctl_pcm_next_device(snd_ctl_t *control, int *device) {
    if (is_ours(control)) return *device = *device < 0 ? 0 : -1, 0;
    int (*real)(snd_ctl_t *, int *) = dlsym(RTLD_NEXT, "snd_ctl_pcm_next_device");
    return real(control, device);
}

int snd_ctl_pcm_info(snd_ctl_t *control, snd_pcm_info_t *info) {
    if (is_ours(control))
        return snd_pcm_info_get_stream(info) == SND_PCM_STREAM_CAPTURE ? 0 : -ENOENT;
    int (*real)(snd_ctl_t *, snd_pcm_info_t *) = dlsym(RTLD_NEXT, "snd_ctl_pcm_info");
    return real(control, info);
}
