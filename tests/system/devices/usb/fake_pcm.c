/* An ALSA PCM that stands for a cheap USB dongle: 44.1 and 48 kHz only, paced by the clock.
 *
 * What it hears is in $USB_RIG/content, looked at while it runs:
 *   noise   a quiet room (also where there is no file)
 *   zeros   exact zeros                 stall   nothing comes any more
 *   zeros-until-reopened, stall-until-reopened: mended by the next start of the stream
 */
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

struct dongle {
    snd_pcm_ioplug_t io;
    int timer;
    long long frames;  /* since the start */
    long long last_ns; /* when frames was right */
    unsigned noise;
};

static long long now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void file_path(char *path, size_t size, const char *name) {
    const char *folder = getenv("USB_RIG");
    snprintf(path, size, "%s/%s", folder ? folder : "/nonexistent", name);
}

static int content_is(const char *word) {
    char path[1024], said[32] = "noise";
    file_path(path, sizeof path, "content");
    FILE *file = fopen(path, "r");
    if (file) {
        if (fscanf(file, "%31s", said) != 1) strcpy(said, "noise");
        fclose(file);
    }
    return !strncmp(said, word, strlen(word));
}

static int on_start(snd_pcm_ioplug_t *io) {
    struct dongle *dongle = io->private_data;
    char path[1024];
    if (io->stream == SND_PCM_STREAM_CAPTURE &&
        (content_is("zeros-until") || content_is("stall-until"))) {
        file_path(path, sizeof path, "content");
        unlink(path);
    }
    dongle->frames = 0;
    dongle->last_ns = now_ns();
    long long ns = 1000000000LL * io->period_size / io->rate;
    struct itimerspec every = {{ns / 1000000000LL, ns % 1000000000LL},
                               {ns / 1000000000LL, ns % 1000000000LL}};
    return timerfd_settime(dongle->timer, 0, &every, NULL);
}

static int on_stop(snd_pcm_ioplug_t *io) {
    struct itimerspec never = {{0, 0}, {0, 0}};
    return timerfd_settime(((struct dongle *)io->private_data)->timer, 0, &never, NULL);
}

static snd_pcm_sframes_t on_pointer(snd_pcm_ioplug_t *io) {
    struct dongle *dongle = io->private_data;
    long long now = now_ns();
    if (io->state != SND_PCM_STATE_RUNNING) return 0;
    if (io->stream == SND_PCM_STREAM_CAPTURE && content_is("stall")) {
        dongle->last_ns = now;
    } else {
        long long more = (now - dongle->last_ns) * io->rate / 1000000000LL;
        dongle->frames += more;
        dongle->last_ns += more * 1000000000LL / io->rate;
    }
    return dongle->frames % io->buffer_size;
}

static snd_pcm_sframes_t on_transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
                                     snd_pcm_uframes_t offset, snd_pcm_uframes_t size) {
    struct dongle *dongle = io->private_data;
    if (io->stream != SND_PCM_STREAM_CAPTURE) return size;
    int silent = content_is("zeros");
    for (snd_pcm_uframes_t i = 0; i < size; i++) {
        dongle->noise = dongle->noise * 1664525u + 1013904223u;
        short value = silent ? 0 : (short)((int)(dongle->noise >> 16) % 257 - 128);
        for (unsigned channel = 0; channel < io->channels; channel++) {
            const snd_pcm_channel_area_t *area = areas + channel;
            memcpy((char *)area->addr + (area->first + (offset + i) * area->step) / 8, &value, 2);
        }
    }
    return size;
}

static int on_revents(snd_pcm_ioplug_t *io, struct pollfd *polled, unsigned count,
                      unsigned short *revents) {
    unsigned long long times;
    *revents = 0;
    if (count && polled[0].revents & POLLIN) {
        if (read(polled[0].fd, &times, sizeof times) < 0) return 0;
        *revents = io->stream == SND_PCM_STREAM_CAPTURE ? POLLIN : POLLOUT;
    }
    return 0;
}

static int on_close(snd_pcm_ioplug_t *io) {
    close(((struct dongle *)io->private_data)->timer);
    free(io->private_data);
    return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {.start = on_start,
                                                    .stop = on_stop,
                                                    .pointer = on_pointer,
                                                    .transfer = on_transfer,
                                                    .poll_revents = on_revents,
                                                    .close = on_close};

SND_PCM_PLUGIN_DEFINE_FUNC(usbrig) {
    long least = 1, card = -1;
    snd_config_iterator_t i, next;
    snd_config_for_each(i, next, conf) {
        snd_config_t *entry = snd_config_iterator_entry(i);
        const char *id;
        if (snd_config_get_id(entry, &id) < 0) continue;
        if (!strcmp(id, "channels_min")) snd_config_get_integer(entry, &least);
        if (!strcmp(id, "card")) snd_config_get_integer(entry, &card);
    }
    char file[32], path[1024];
    snprintf(file, sizeof file, "card%ld", card);
    file_path(path, sizeof path, file);
    if (access(path, R_OK)) return -ENODEV;
    struct dongle *dongle = calloc(1, sizeof *dongle);
    dongle->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    dongle->io.version = SND_PCM_IOPLUG_VERSION;
    dongle->io.name = "USB rig";
    dongle->io.callback = &callbacks;
    dongle->io.private_data = dongle;
    dongle->io.poll_fd = dongle->timer;
    dongle->io.poll_events = POLLIN;
    int error = snd_pcm_ioplug_create(&dongle->io, name, stream, mode);
    if (error < 0) return free(dongle), error;
    const unsigned access[] = {SND_PCM_ACCESS_RW_INTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED};
    const unsigned formats[] = {SND_PCM_FORMAT_S16_LE}, rates[] = {44100, 48000};
    snd_pcm_ioplug_set_param_list(&dongle->io, SND_PCM_IOPLUG_HW_ACCESS, 2, access);
    snd_pcm_ioplug_set_param_list(&dongle->io, SND_PCM_IOPLUG_HW_FORMAT, 1, formats);
    snd_pcm_ioplug_set_param_list(&dongle->io, SND_PCM_IOPLUG_HW_RATE, 2, rates);
    snd_pcm_ioplug_set_param_minmax(&dongle->io, SND_PCM_IOPLUG_HW_CHANNELS, least, 2);
    snd_pcm_ioplug_set_param_minmax(&dongle->io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 128, 65536);
    snd_pcm_ioplug_set_param_minmax(&dongle->io, SND_PCM_IOPLUG_HW_BUFFER_BYTES, 1024, 524288);
    snd_pcm_ioplug_set_param_minmax(&dongle->io, SND_PCM_IOPLUG_HW_PERIODS, 2, 1024);
    *pcmp = dongle->io.pcm;
    return 0;
}
SND_PCM_PLUGIN_SYMBOL(usbrig);
