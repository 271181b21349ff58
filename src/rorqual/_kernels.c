/* The leaf loops of Rorqual. Each walks one buffer it is given, with the lengths it is given, and nothing else; the one
 * over objects stands in _records.c.
 *
 * Stable ABI of Python 3.11. The loops run without the GIL; a buffer that is written to meanwhile gives a wrong
 * answer, never a wrong access, since no index is taken from the data but a byte value into 256 entries.
 * The results are those of rorqual.oracles.
 */

#define PY_SSIZE_T_CLEAN
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030b0000
#endif
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "_digests.h"
#include "_records.h"

enum {
    VALUES = 256,
    LANES = 8,        /* as many tables as bytes in a word: an increment never waits for the one just before */
    STRETCH = 64,     /* bytes looked at together for being equal */
    BLOCK = 1 << 30,  /* bytes whose counts fit in 32 bits */
    SMALL = 2048,     /* below this, clearing and summing the tables costs more than they save */
    MAX_PERIOD = 1 << 17,
    PROBE = 8,        /* bytes of a period compared before a candidate is looked at closely */
    WIDE = 4096,      /* bytes of a period from which on four of them do */
    PATIENCE = 4      /* candidates looked at closely, in periods, before a search that never looks back */
};

static inline uint64_t word_at(const uint8_t *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

/* The end of the stretch of x[at..n) in which every byte equals the one `period` before it. */
static Py_ssize_t rightward(const uint8_t *x, Py_ssize_t at, Py_ssize_t n, Py_ssize_t period)
{
    for (; n - at >= STRETCH; at += STRETCH) {
        uint64_t differ = 0;
        for (int i = 0; i < STRETCH; i += 8)
            differ |= word_at(x + at + i) ^ word_at(x + at + i - period);
        if (differ)
            break;
    }
    while (at < n && x[at] == x[at - period])
        at++;
    return at;
}

/* The start of the stretch of x[0..at) in which every byte equals the one `period` after it. */
static Py_ssize_t leftward(const uint8_t *x, Py_ssize_t at, Py_ssize_t period)
{
    for (; at >= STRETCH; at -= STRETCH) {
        uint64_t differ = 0;
        for (int i = 8; i <= STRETCH; i += 8)
            differ |= word_at(x + at - i) ^ word_at(x + at - i + period);
        if (differ)
            break;
    }
    while (at > 0 && x[at - 1] == x[at - 1 + period])
        at--;
    return at;
}

/* Adds the histogram of at most BLOCK bytes. */
static void count(const uint8_t *p, size_t n, uint64_t out[VALUES])
{
    if (n < SMALL) {
        for (size_t i = 0; i < n; i++)
            out[p[i]]++;
        return;
    }
    uint32_t table[LANES][VALUES];
    memset(table, 0, sizeof table);
    const uint8_t *end = p + n;
    while (end - p >= STRETCH) {
        uint64_t word = word_at(p), differ = word ^ ((word << 8) | (word & 0xff));
        for (int i = 8; i < STRETCH; i += 8)
            differ |= word ^ word_at(p + i);
        if (!differ) {
            Py_ssize_t same = rightward(p, STRETCH, end - p, 1);
            table[0][*p] += (uint32_t)same;
            p += same;
            continue;
        }
        for (const uint8_t *stop = p + STRETCH; p < stop; p += 8) {
            word = word_at(p);
            for (int lane = 0; lane < LANES; lane++)
                table[lane][(word >> (8 * lane)) & 0xff]++;
        }
    }
    while (p < end)
        table[0][*p++]++;
    for (int lane = 1; lane < LANES; lane++)
        for (int value = 0; value < VALUES; value++)
            table[0][value] += table[lane][value];
    for (int value = 0; value < VALUES; value++)
        out[value] += table[0][value];
}

/* Counts are little-endian in bytes, whatever the machine; compilers see that these are plain moves. */
static inline void store(uint64_t n, uint8_t *to)
{
    for (int i = 0; i < 8; i++)
        to[i] = (uint8_t)(n >> (8 * i));
}

static inline uint64_t load(const uint8_t *from)
{
    uint64_t n = 0;
    for (int i = 0; i < 8; i++)
        n |= (uint64_t)from[i] << (8 * i);
    return n;
}

static PyObject *histograms(PyObject *module, PyObject *args)
{
    (void)module;
    Py_buffer data;
    Py_ssize_t lead, width;
    if (!PyArg_ParseTuple(args, "y*nn:histograms", &data, &lead, &width))
        return NULL;
    PyObject *result = NULL;
    if (lead < 0) {
        PyErr_SetString(PyExc_ValueError, "lead must not be negative");
        goto done;
    }
    if (width <= 0) {
        PyErr_SetString(PyExc_ValueError, "width must be positive");
        goto done;
    }
    if (lead > data.len)
        lead = data.len;
    Py_ssize_t rest = data.len - lead, record = VALUES * 8;
    Py_ssize_t pieces = (lead > 0) + rest / width + (rest % width > 0);
    if (pieces > PY_SSIZE_T_MAX / record) {
        PyErr_NoMemory();
        goto done;
    }
    result = PyBytes_FromStringAndSize(NULL, pieces * record);
    if (!result)
        goto done;
    uint8_t *to = (uint8_t *)PyBytes_AsString(result);
    Py_BEGIN_ALLOW_THREADS
    const uint8_t *p = data.buf, *end = p + data.len, *stop = p + (lead ? lead : width < rest ? width : rest);
    for (; p < end; to += record, stop = end - p < width ? end : p + width) {
        uint64_t counts[VALUES] = {0};
        for (; p < stop; p += stop - p < BLOCK ? stop - p : BLOCK)
            count(p, stop - p < BLOCK ? (size_t)(stop - p) : BLOCK, counts);
        for (int value = 0; value < VALUES; value++)
            store(counts[value], to + 8 * value);
    }
    Py_END_ALLOW_THREADS
done:
    PyBuffer_Release(&data);
    return result;
}

/* n * log2(n) with 20 binary places, rounded; exact in double but for the last place of log2, which is libm's. */
static uint64_t logarithm(uint64_t n)
{
    return n ? (uint64_t)((double)n * log2((double)n) * (1 << 20) + 0.5) : 0;
}

static PyObject *moments(PyObject *module, PyObject *lanes)
{
    (void)module;
    Py_buffer data;
    if (PyObject_GetBuffer(lanes, &data, PyBUF_SIMPLE))
        return NULL;
    uint64_t size = 0, total = 0, squares = 0, logs = 0;
    int fits = 1;
    if (data.len != VALUES * 8) {
        PyErr_Format(PyExc_ValueError, "a histogram has %d bytes, not %zd", VALUES * 8, data.len);
        PyBuffer_Release(&data);
        return NULL;
    }
    for (int value = 0; value < VALUES && fits; value++) {
        uint64_t n = load((const uint8_t *)data.buf + 8 * value);
        fits = n <= UINT32_MAX && (size += n) <= UINT32_MAX;
        if (fits) {
            total += n * (uint64_t)value;
            squares += n * n;
            logs += logarithm(n);
        }
    }
    PyBuffer_Release(&data);
    if (!fits) {
        PyErr_SetString(PyExc_OverflowError, "the histogram counts 4 GiB or more");
        return NULL;
    }
    return Py_BuildValue("KKKKK", size, total, squares, logs, logarithm(size));
}

typedef struct {
    uint8_t *differ;  /* max_period of them */
    int32_t *border;  /* as many */
} Desk;

static int has_zero(uint64_t word)
{
    return ((word - 0x0101010101010101u) & ~word & 0x8080808080808080u) != 0;
}

/* Where in x[0..m) 8 bytes stand that are all different, else not all equal: they occur again less often than zeros
 * do, which may be most of x. */
static Py_ssize_t telling(const uint8_t *x, Py_ssize_t m)
{
    Py_ssize_t better = 0;
    int uneven = 0;
    if (m <= STRETCH)
        return 0;
    for (Py_ssize_t at = 0; at + 8 <= m; at += 8) {
        uint64_t word = word_at(x + at), differ = word ^ (word << 8 | word >> 56);
        if (!differ)
            continue;
        if (!uneven) {
            uneven = 1;
            better = at;
        }
        if (!has_zero(differ) && !has_zero(word ^ (word << 16 | word >> 48)) &&
            !has_zero(word ^ (word << 24 | word >> 40)) && !has_zero(word ^ (word << 32 | word >> 32)))
            return at;
    }
    return better;
}

/* The first shift, at most m, under which x[0..m) occurs again in x[0..2 * m), else 0: Knuth, Morris and Pratt. */
static Py_ssize_t first_again(const uint8_t *x, Py_ssize_t m, int32_t *border)
{
    int32_t k = 0;
    border[0] = 0;
    for (Py_ssize_t i = 1; i < m; i++) {
        while (k && x[i] != x[k])
            k = border[k - 1];
        k += x[i] == x[k];
        border[i] = k;
    }
    k = 0;
    for (Py_ssize_t i = 1; i < 2 * m; i++) {
        while (k && x[i] != x[k])
            k = border[k - 1];
        k += x[i] == x[k];
        if (k == m)
            return i + 1 - m;
    }
    return 0;
}

/* The minimal period of the 2 * m bytes at x if it is at most m, else 0.
 *
 * The first shift under which the first half occurs again decides: a longer period would make it one too. */
static Py_ssize_t minimal_period(const uint8_t *x, Py_ssize_t m, Desk desk)
{
    Py_ssize_t probe = m < PROBE ? m : PROBE, patience = PATIENCE * m;
    const uint8_t *p = x + telling(x, m);
    if (m >= WIDE) {
        for (Py_ssize_t i = 0; i < m; i++)
            desk.differ[i] = (uint8_t)((p[0] ^ p[1 + i]) | (p[1] ^ p[2 + i]) | (p[2] ^ p[3 + i]) | (p[3] ^ p[4 + i]));
    } else {
        memset(desk.differ, 0, (size_t)m);
        for (Py_ssize_t k = 0; k < probe; k++)
            for (Py_ssize_t i = 0; i < m; i++)
                desk.differ[i] |= p[k] ^ p[k + 1 + i];
    }
    const uint8_t *end = desk.differ + m, *at = desk.differ;
    while (at < end && (at = memchr(at, 0, (size_t)(end - at)))) {
        Py_ssize_t shift = ++at - desk.differ, same = rightward(x, shift, shift + m, shift) - shift;
        if (same < m && (patience -= same + STRETCH) >= 0)
            continue;
        if (same < m && !(shift = first_again(x, m, desk.border)))
            return 0;
        return memcmp(x, x + shift, (size_t)(2 * m - shift)) ? 0 : shift;
    }
    return 0;
}

typedef struct {
    Py_ssize_t start, end, period;
} Run;

typedef struct {
    Run *runs;
    size_t count, room;
} Runs;

static int append(Runs *found, Run run)
{
    if (found->count == found->room) {
        size_t room = found->room ? 2 * found->room : 64;
        if (room > PY_SSIZE_T_MAX / sizeof(Run))
            return -1;
        Run *grown = realloc(found->runs, room * sizeof(Run));
        if (!grown)
            return -1;
        found->runs = grown;
        found->room = room;
    }
    found->runs[found->count++] = run;
    return 0;
}

/* Collects the runs of x[0..n); -1 where memory runs out.
 *
 * Two runs share fewer than 2 * max_period bytes (Fine and Wilf), hence probes min_length less an edge apart meet
 * every run, a run found is left for good but for its last edge, and each is found once. */
static int collect(const uint8_t *x, Py_ssize_t n, Py_ssize_t min_length, Py_ssize_t max_period, Desk desk,
                   Runs *found)
{
    Py_ssize_t edge = 2 * max_period, period;
    for (Py_ssize_t at = 0; n - at >= edge;) {
        Py_ssize_t step = min_length - edge + 1;
        period = minimal_period(x + at, max_period, desk);
        if (period) {
            Run run = {leftward(x, at, period), rightward(x, at + edge, n, period), period};
            if (run.end - run.start >= min_length || run.start == 0 || run.end == n)
                if (append(found, run))
                    return -1;
            if (step < run.end - edge + 1 - at)
                step = run.end - edge + 1 - at;
        }
        if (step > n - at)
            break;
        at += step;
    }
    if (n >= edge && !(found->count && found->runs[found->count - 1].end == n)) {
        period = minimal_period(x + n - edge, max_period, desk);
        if (period) {
            Run run = {leftward(x, n - edge, period), n, period};
            return append(found, run);
        }
    }
    return 0;
}

static PyObject *periodic_runs(PyObject *module, PyObject *args)
{
    (void)module;
    Py_buffer data;
    Py_ssize_t min_length, max_period;
    if (!PyArg_ParseTuple(args, "y*nn:periodic_runs", &data, &min_length, &max_period))
        return NULL;
    PyObject *result = NULL;
    Runs found = {NULL, 0, 0};
    Desk desk = {NULL, NULL};
    int failed;
    if (max_period < 1 || max_period > MAX_PERIOD) {
        PyErr_Format(PyExc_ValueError, "max_period must be 1 to %d", MAX_PERIOD);
        goto done;
    }
    if (min_length < 4 * max_period) {
        PyErr_SetString(PyExc_ValueError, "min_length must be at least 4 * max_period");
        goto done;
    }
    desk.differ = malloc((size_t)max_period);
    desk.border = malloc((size_t)max_period * sizeof *desk.border);
    if (!desk.differ || !desk.border) {
        PyErr_NoMemory();
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS
    failed = collect(data.buf, data.len, min_length, max_period, desk, &found);
    Py_END_ALLOW_THREADS
    if (failed) {
        PyErr_NoMemory();
        goto done;
    }
    result = PyList_New((Py_ssize_t)found.count);
    for (size_t i = 0; result && i < found.count; i++) {
        Run run = found.runs[i];
        PyObject *item = Py_BuildValue("nnn", run.start, run.end, run.period);
        if (!item || PyList_SetItem(result, (Py_ssize_t)i, item))
            Py_CLEAR(result);
    }
done:
    free(desk.differ);
    free(desk.border);
    free(found.runs);
    PyBuffer_Release(&data);
    return result;
}

static PyObject *word_sum(PyObject *module, PyObject *arg)
{
    (void)module;
    Py_buffer data;
    if (PyObject_GetBuffer(arg, &data, PyBUF_SIMPLE))
        return NULL;
    const uint8_t *x = data.buf;
    Py_ssize_t n = data.len, at = 0;
    uint64_t total = 0;
    Py_BEGIN_ALLOW_THREADS
    while (n - at >= 2) {
        uint32_t part = 0; /* 65,536 words fit into 32 bits */
        Py_ssize_t end = n - at > (1 << 17) ? at + (1 << 17) : at + ((n - at) & ~(Py_ssize_t)1);
        for (; at < end; at += 2)
            part += (uint32_t)x[at] | (uint32_t)x[at + 1] << 8;
        total += part;
    }
    if (at < n)
        total += x[at];
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&data);
    return PyLong_FromUnsignedLongLong(total);
}

/* Landmarks: places that only the bytes before them choose, about one in 11,000, and what stands between two of them
 * as one 64-bit number. Wherever the same bytes stand again, so do the landmarks and the numbers.
 *
 * A place is *marked* when the two bytes before it are of two sets and the 16 bytes before it hash to 1 in 8. It is a
 * landmark when no place in the 4,096 bytes before it is marked: so nothing that repeats faster can make a flood. */
enum {
    MARK_BEFORE = 16,
    MARK_GAP = 4096,
    STRIPE = 32,
    TILE = 1 << 14 /* bytes looked at for marks, then hashed while they are in the nearest cache; in STRETCHes */
};

typedef struct {
    uint64_t lanes[4];
    uint64_t size;  /* bytes since the last landmark */
    uint64_t since; /* bytes since the last marked place, at most MARK_GAP */
    uint8_t pending[STRIPE];      /* size % STRIPE of them are not hashed yet */
    uint8_t before[MARK_BEFORE];  /* the last bytes of all */
} Trail;

enum { TRAIL = 6 * 8 + STRIPE + MARK_BEFORE };

static const uint64_t ODD = 0x9e3779b97f4a7c15u, MIX = 0xbf58476d1ce4e5b9u;

static inline uint64_t stir(uint64_t lane, uint64_t word)
{
    lane = (lane ^ word) * ODD;
    return lane << 31 | lane >> 33;
}

static void fresh_lanes(Trail *trail)
{
    for (int i = 0; i < 4; i++)
        trail->lanes[i] = MIX * (uint64_t)(i + 1);
    trail->size = 0;
}

static void absorb(Trail *trail, const uint8_t *p, size_t n)
{
    size_t held = trail->size % STRIPE;
    trail->size += n;
    if (held) {
        size_t more = n < STRIPE - held ? n : STRIPE - held;
        memcpy(trail->pending + held, p, more);
        p += more;
        n -= more;
        if (held + more < STRIPE)
            return;
        for (int i = 0; i < 4; i++)
            trail->lanes[i] = stir(trail->lanes[i], load(trail->pending + 8 * i));
    }
    uint64_t a = trail->lanes[0], b = trail->lanes[1], c = trail->lanes[2], d = trail->lanes[3];
    for (; n >= STRIPE; p += STRIPE, n -= STRIPE) {
        a = stir(a, load(p));
        b = stir(b, load(p + 8));
        c = stir(c, load(p + 16));
        d = stir(d, load(p + 24));
    }
    trail->lanes[0] = a;
    trail->lanes[1] = b;
    trail->lanes[2] = c;
    trail->lanes[3] = d;
    memcpy(trail->pending, p, n);
}

static uint64_t concluded(const Trail *trail)
{
    uint64_t all = trail->size;
    uint8_t last[STRIPE] = {0};
    memcpy(last, trail->pending, trail->size % STRIPE);
    for (int i = 0; i < 4; i++)
        all = stir(all, trail->lanes[i]);
    for (int i = 0; i < 4; i++)
        all = stir(all, load(last + 8 * i));
    return all;
}

/* Whether the place behind p[0..16) is marked. */
static int marked(const uint8_t *p)
{
    return (p[14] & 0x0f) == 0x04 && (p[15] & 0x1f) == 0x13 && stir(load(p), load(p + 8)) * MIX >> 61 == 0;
}

typedef struct {
    uint8_t *bytes; /* 16 for each: the landmark's place in the buffer, what stands before it as a number */
    size_t count, room;
} Marks;

static int mark(Marks *marks, uint64_t at, uint64_t number)
{
    if (marks->count == marks->room) {
        size_t room = marks->room ? 2 * marks->room : 256;
        uint8_t *grown = room > PY_SSIZE_T_MAX / 16 ? NULL : realloc(marks->bytes, room * 16);
        if (!grown)
            return -1;
        marks->bytes = grown;
        marks->room = room;
    }
    store(at, marks->bytes + 16 * marks->count);
    store(number, marks->bytes + 16 * marks->count++ + 8);
    return 0;
}

/* Takes in that the place `at` is marked; the bytes from x + *from up to it are yet to be hashed. */
static int pass_mark(Trail *trail, const uint8_t *x, size_t at, size_t *from, size_t *last, Marks *marks)
{
    uint64_t since = *last <= at ? at - *last : trail->since + at; /* no mark in this buffer yet: *last is SIZE_MAX */
    *last = at;
    if (since < MARK_GAP)
        return 0;
    absorb(trail, x + *from, at - *from);
    *from = at;
    if (mark(marks, at, concluded(trail)))
        return -1;
    fresh_lanes(trail);
    return 0;
}

static int follow(Trail *trail, const uint8_t *x, size_t n, Marks *marks)
{
    size_t from = 0, last = SIZE_MAX, at = 1;
    uint8_t seam[2 * MARK_BEFORE];
    size_t near = n < MARK_BEFORE ? n : MARK_BEFORE;
    memcpy(seam, trail->before, MARK_BEFORE);
    memcpy(seam + MARK_BEFORE, x, near);
    for (; at <= near; at++)
        if (marked(seam + at) && pass_mark(trail, x, at, &from, &last, marks))
            return -1;
    while (at <= n) {
        size_t stop = n - at < TILE ? n + 1 : at + TILE;
        for (; stop - at >= STRETCH; at += STRETCH) {
            uint8_t flags[STRETCH];
            for (int i = 0; i < STRETCH; i++)
                flags[i] = (uint8_t)(((x[at + i - 2] & 0x0f) == 0x04) & ((x[at + i - 1] & 0x1f) == 0x13));
            uint64_t any = 0;
            for (int i = 0; i < STRETCH; i += 8)
                any |= word_at(flags + i);
            if (!any)
                continue;
            for (int i = 0; i < STRETCH; i++) {
                if (i % 8 == 0 && !word_at(flags + i))
                    i += 7;
                else if (flags[i] && marked(x + at + i - MARK_BEFORE) &&
                         pass_mark(trail, x, at + i, &from, &last, marks))
                    return -1;
            }
        }
        for (; at < stop; at++)
            if (marked(x + at - MARK_BEFORE) && pass_mark(trail, x, at, &from, &last, marks))
                return -1;
        if (at - 1 > from) {
            absorb(trail, x + from, at - 1 - from);
            from = at - 1;
        }
    }
    if (n > from)
        absorb(trail, x + from, n - from);
    uint64_t since = last <= n ? n - last : trail->since + n;
    trail->since = since < MARK_GAP ? since : MARK_GAP;
    memmove(trail->before, trail->before + near, MARK_BEFORE - near);
    memcpy(trail->before + MARK_BEFORE - near, x + n - near, near);
    return 0;
}

static PyObject *landmarks(PyObject *module, PyObject *args)
{
    (void)module;
    Py_buffer data, state;
    if (!PyArg_ParseTuple(args, "y*y*:landmarks", &data, &state))
        return NULL;
    PyObject *result = NULL;
    Marks marks = {NULL, 0, 0};
    Trail trail;
    uint8_t after[TRAIL];
    int failed;
    if (state.len != 0 && state.len != TRAIL) {
        PyErr_Format(PyExc_ValueError, "a state has 0 or %d bytes, not %zd", TRAIL, state.len);
        goto done;
    }
    memset(&trail, 0, sizeof trail);
    fresh_lanes(&trail);
    trail.since = MARK_GAP;
    if (state.len) {
        const uint8_t *from = state.buf;
        for (int i = 0; i < 4; i++)
            trail.lanes[i] = load(from + 8 * i);
        trail.size = load(from + 32);
        trail.since = load(from + 40) < MARK_GAP ? load(from + 40) : MARK_GAP;
        memcpy(trail.pending, from + 48, STRIPE);
        memcpy(trail.before, from + 48 + STRIPE, MARK_BEFORE);
    }
    Py_BEGIN_ALLOW_THREADS
    failed = data.len ? follow(&trail, data.buf, (size_t)data.len, &marks) : 0;
    Py_END_ALLOW_THREADS
    if (failed) {
        PyErr_NoMemory();
        goto done;
    }
    for (int i = 0; i < 4; i++)
        store(trail.lanes[i], after + 8 * i);
    store(trail.size, after + 32);
    store(trail.since, after + 40);
    memset(trail.pending + trail.size % STRIPE, 0, STRIPE - trail.size % STRIPE);
    memcpy(after + 48, trail.pending, STRIPE);
    memcpy(after + 48 + STRIPE, trail.before, MARK_BEFORE);
    result = Py_BuildValue("y#y#", (const char *)after, (Py_ssize_t)TRAIL,
                           marks.count ? (const char *)marks.bytes : "", (Py_ssize_t)(16 * marks.count));
done:
    free(marks.bytes);
    PyBuffer_Release(&data);
    PyBuffer_Release(&state);
    return result;
}

/* How many bytes of CR have an LF right behind them. */
static PyObject *crlf_pairs(PyObject *module, PyObject *arg)
{
    (void)module;
    Py_buffer data;
    if (PyObject_GetBuffer(arg, &data, PyBUF_SIMPLE))
        return NULL;
    const uint8_t *x = data.buf;
    Py_ssize_t last = data.len - 1, at = 0;
    uint64_t total = 0;
    Py_BEGIN_ALLOW_THREADS
    while (at < last) {
        uint8_t part = 0; /* counts in bytes are the fastest to add up */
        for (Py_ssize_t end = last - at > UINT8_MAX ? at + UINT8_MAX : last; at < end; at++)
            part = (uint8_t)(part + ((x[at] == 13) & (x[at + 1] == 10)));
        total += part;
    }
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&data);
    return PyLong_FromUnsignedLongLong(total);
}

/* Whether no byte of p[0..STRETCH) shows an error of UTF-8, by itself or by the three bytes before it, which are
 * there: Unicode 15, table 3-7. */
static int sound(const uint8_t *p)
{
    uint8_t wrong = 0;
    for (int i = 0; i < STRETCH; i++) {
        uint8_t c = p[i], before = p[i - 1];
        uint8_t follows = (before >= 0xc0) | (p[i - 2] >= 0xe0) | (p[i - 3] >= 0xf0);
        wrong |= follows ^ ((c & 0xc0) == 0x80);
        wrong |= ((c & 0xfe) == 0xc0) | (c >= 0xf5);
        wrong |= ((before == 0xe0) & (c < 0xa0)) | ((before == 0xed) & (c >= 0xa0));
        wrong |= ((before == 0xf0) & (c < 0x90)) | ((before == 0xf4) & (c >= 0x90));
    }
    return !wrong;
}

/* The size of the character at x[0..n), 0 where it is none, -1 where the end cuts it off: as which Python's codec, and
 * so this, takes the first two bytes of a surrogate too. */
static int character(const uint8_t *x, Py_ssize_t n)
{
    uint8_t c = x[0];
    if (c < 0x80)
        return 1;
    int size = c < 0xc2 || c > 0xf4 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    uint8_t low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80, high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    for (int i = 1; i < size; i++, low = 0x80, high = 0xbf) {
        if (i == n)
            return -1;
        if (x[i] < low || x[i] > high)
            return c == 0xed && n == 2 && (x[i] & 0xc0) == 0x80 ? -1 : 0;
    }
    return size;
}

static PyObject *utf8_prefix(PyObject *module, PyObject *arg)
{
    (void)module;
    Py_buffer data;
    if (PyObject_GetBuffer(arg, &data, PyBUF_SIMPLE))
        return NULL;
    const uint8_t *x = data.buf;
    Py_ssize_t n = data.len, at = 0;
    int size = 1;
    Py_BEGIN_ALLOW_THREADS
    while (at < n) {
        Py_ssize_t from = at;
        while (at >= 3 && n - at >= STRETCH && sound(x + at))
            at += STRETCH;
        if (at > from) /* the last character may go on: back to where it begins, which is not before `from` */
            do
                at--;
            while ((x[at] & 0xc0) == 0x80);
        size = character(x + at, n - at);
        if (size <= 0)
            break;
        at += size;
    }
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&data);
    return Py_BuildValue("nO", at, size == 0 ? Py_True : Py_False);
}

static PyMethodDef methods[] = {
    {"crlf_pairs", crlf_pairs, METH_O,
     "crlf_pairs(data, /)\n--\n\nHow many CR of data have an LF right behind them."},
    {"digest_blocks", digest_blocks, METH_O,
     "digest_blocks(parts, /)\n--\n\nAdvances each state by its data, of (state, data) pairs."},
    {"histograms", histograms, METH_VARARGS,
     "histograms(data, lead, width, /)\n--\n\n256 little-endian 64-bit counts for each piece of data."},
    {"landmarks", landmarks, METH_VARARGS,
     "landmarks(data, state, /)\n--\n\nThe state after data, and its landmarks: place and number of each."},
    {"moments", moments, METH_O,
     "moments(lanes, /)\n--\n\nSums over the counts of one histogram of less than 4 GiB."},
    {"periodic_runs", periodic_runs, METH_VARARGS,
     "periodic_runs(data, min_length, max_period, /)\n--\n\nThe runs (start, end, period) of data."},
    {"records", records, METH_VARARGS,
     "records(heads, order, rows, other, /)\n--\n\nRows as JSON objects, parted by commas."},
    {"utf8_prefix", utf8_prefix, METH_O,
     "utf8_prefix(data, /)\n--\n\nThe size of the whole characters that data begins with, and whether an error follows."},
    {"word_sum", word_sum, METH_O,
     "word_sum(data, /)\n--\n\nThe sum of the little-endian 16-bit words of data."},
    {NULL, NULL, 0, NULL},
};

static int begin(PyObject *module)
{
    return PyModule_AddIntConstant(module, "FUSED", digests_fused());
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, begin}, {0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "rorqual._kernels",
    .m_doc = "The leaf loops of Rorqual in C.",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__kernels(void)
{
    return PyModuleDef_Init(&module);
}
