/* The leaf loops of Rorqual. Each walks one buffer it is given, with the lengths it is given, and nothing else.
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

enum {
    VALUES = 256,
    LANES = 8,        /* as many tables as bytes in a word: an increment never waits for the one just before */
    STRETCH = 64,     /* bytes looked at together for being equal */
    BLOCK = 1 << 30,  /* bytes whose counts fit in 32 bits */
    SMALL = 2048,     /* below this, clearing and summing the tables costs more than they save */
    MAX_PERIOD = 64,
    PROBE = 8         /* bytes of a period compared before a candidate is looked at closely */
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

/* The minimal period of the 2 * max_period bytes at x if it is at most max_period, else 0.
 *
 * The first shift under which the first half occurs again decides: a longer period would make it one too. */
static Py_ssize_t minimal_period(const uint8_t *x, Py_ssize_t max_period)
{
    uint8_t differ[MAX_PERIOD] = {0};
    Py_ssize_t probe = max_period < PROBE ? max_period : PROBE;
    for (Py_ssize_t k = 0; k < probe; k++)
        for (Py_ssize_t i = 0; i < max_period; i++)
            differ[i] |= x[k] ^ x[k + 1 + i];
    const uint8_t *end = differ + max_period, *at = differ;
    while (at < end && (at = memchr(at, 0, (size_t)(end - at)))) {
        Py_ssize_t shift = ++at - differ;
        if (!memcmp(x, x + shift, (size_t)max_period))
            return memcmp(x, x + shift, (size_t)(2 * max_period - shift)) ? 0 : shift;
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
static int collect(const uint8_t *x, Py_ssize_t n, Py_ssize_t min_length, Py_ssize_t max_period, Runs *found)
{
    Py_ssize_t edge = 2 * max_period, period;
    for (Py_ssize_t at = 0; n - at >= edge;) {
        Py_ssize_t step = min_length - edge + 1;
        period = minimal_period(x + at, max_period);
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
        period = minimal_period(x + n - edge, max_period);
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
    int failed;
    if (max_period < 1 || max_period > MAX_PERIOD) {
        PyErr_Format(PyExc_ValueError, "max_period must be 1 to %d", MAX_PERIOD);
        goto done;
    }
    if (min_length < 4 * max_period) {
        PyErr_SetString(PyExc_ValueError, "min_length must be at least 4 * max_period");
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS
    failed = collect(data.buf, data.len, min_length, max_period, &found);
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

static PyMethodDef methods[] = {
    {"histograms", histograms, METH_VARARGS,
     "histograms(data, lead, width, /)\n--\n\n256 little-endian 64-bit counts for each piece of data."},
    {"moments", moments, METH_O,
     "moments(lanes, /)\n--\n\nSums over the counts of one histogram of less than 4 GiB."},
    {"periodic_runs", periodic_runs, METH_VARARGS,
     "periodic_runs(data, min_length, max_period, /)\n--\n\nThe runs (start, end, period) of data."},
    {"word_sum", word_sum, METH_O,
     "word_sum(data, /)\n--\n\nThe sum of the little-endian 16-bit words of data."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {{0, NULL}};

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
