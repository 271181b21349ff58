/* Many digests in one stream of instructions: MD5, SHA-1 and SHA-256 of the same blocks, and another SHA-256 of others.
 *
 * Every step of MD5 waits for the one before, so that a core which computes it alone is idle most of the time; the SHA
 * instructions of the other three fit into the gaps. RFC 1321, FIPS 180-4, Intel 64 and IA-32 Software Developer's
 * Manual (SHA1RNDS4, SHA1NEXTE, SHA1MSG1, SHA1MSG2, SHA256RNDS2, SHA256MSG1, SHA256MSG2).
 *
 * A state is its words in the machine's order. Padding is the caller's, in rorqual.digests. The loop takes no index
 * from the data.
 */

#define PY_SSIZE_T_CLEAN
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030b0000
#endif
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "_digests.h"

enum { BLOCK = 64, WORDS = 8, KINDS = 3, SLOTS = 4 };
enum { MD5, SHA1, SHA256, SECOND }; /* kinds, and with the second SHA-256 the slots of the loop */

/* A digest under way, and the blocks that it is yet to take in. */
typedef struct Chain {
    struct Chain *next; /* of its kind */
    const uint8_t *at;
    size_t blocks;
    uint32_t words[WORDS]; /* a copy: what the caller holds need not be aligned */
} Chain;

#if defined(__x86_64__) && defined(__GNUC__)

#include <cpuid.h>
#include <immintrin.h>

/* For these functions alone: the rest of the extension runs on any x86-64. */
#define WITH_SHA __attribute__((target("sha,sse4.1,ssse3")))
#define INLINE WITH_SHA static inline __attribute__((always_inline))

static const uint32_t MD5_K[BLOCK] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static const uint32_t SHA256_K[BLOCK] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

typedef struct {
    uint32_t a, b, c, d;
} Md5;

typedef struct {
    __m128i abcd, e, w[4]; /* w: the last 16 words of the message schedule, four in each, at t / 4 % 4 */
} Sha1;

typedef struct {
    __m128i abef, cdgh, w[4];
} Sha256;

static inline uint32_t word_at(const uint8_t *p)
{
    uint32_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

/* Has x computed here as it stands: Clang, left alone, adds what is known early to what comes last, and MD5 takes a
 * fifth longer. */
#define SETTLED(x) __asm__("" : "+r"(x))

/* Step t of MD5; b is the word that the step before made. All that does not need b is added up before it is there. */
INLINE void md5_step(uint32_t *a, uint32_t b, uint32_t c, uint32_t d, const uint8_t *block, int t)
{
    static const uint8_t SHIFT[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    static const uint8_t TIMES[4] = {1, 5, 3, 7}, PLUS[4] = {0, 1, 5, 0};
    int round = t / 16, shift = SHIFT[round][t % 4];
    uint32_t sum = *a + MD5_K[t] + word_at(block + 4 * ((TIMES[round] * t + PLUS[round]) % 16));
    SETTLED(sum);
    if (round == 0)
        sum += d ^ (b & (c ^ d));
    else if (round == 1) {
        sum += c & ~d; /* no bit is in both terms of G: their sum is their union, and this one needs no b */
        SETTLED(sum);
        sum += b & d;
    } else if (round == 2)
        sum += b ^ (c ^ d);
    else
        sum += c ^ (b | ~d);
    *a = b + (sum << shift | sum >> (32 - shift));
}

/* Steps 4 t to 4 t + 3 of MD5. */
INLINE void md5_steps(Md5 *x, const uint8_t *block, int t)
{
    md5_step(&x->a, x->b, x->c, x->d, block, 4 * t);
    md5_step(&x->d, x->a, x->b, x->c, block, 4 * t + 1);
    md5_step(&x->c, x->d, x->a, x->b, block, 4 * t + 2);
    md5_step(&x->b, x->c, x->d, x->a, block, 4 * t + 3);
}

/* Steps 4 t to 4 t + 3 of SHA-1. The message is in order from the highest lane down, as SHA1RNDS4 wants it. */
INLINE void sha1_steps(Sha1 *x, const uint8_t *block, int t)
{
    __m128i *w = x->w, before = x->abcd, e;
    if (t < 4)
        w[t] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)block + t),
                                _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f));
    else
        w[t % 4] = _mm_sha1msg2_epu32(_mm_xor_si128(_mm_sha1msg1_epu32(w[t % 4], w[(t + 1) % 4]), w[(t + 2) % 4]),
                                      w[(t + 3) % 4]);
    /* SHA1NEXTE rotates the a of four steps ago into e; before the first step e is there as it is. */
    e = t ? _mm_sha1nexte_epu32(x->e, w[t % 4]) : _mm_add_epi32(x->e, w[0]);
    if (t < 5)
        x->abcd = _mm_sha1rnds4_epu32(before, e, 0);
    else if (t < 10)
        x->abcd = _mm_sha1rnds4_epu32(before, e, 1);
    else if (t < 15)
        x->abcd = _mm_sha1rnds4_epu32(before, e, 2);
    else
        x->abcd = _mm_sha1rnds4_epu32(before, e, 3);
    x->e = before;
}

/* Steps 4 t to 4 t + 3 of SHA-256. */
INLINE void sha256_steps(Sha256 *x, const uint8_t *block, int t)
{
    __m128i *w = x->w, sum;
    if (t < 4)
        w[t] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)block + t),
                                _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
    else
        w[t % 4] = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(w[t % 4], w[(t + 1) % 4]),
                                                      _mm_alignr_epi8(w[(t + 3) % 4], w[(t + 2) % 4], 4)),
                                        w[(t + 3) % 4]);
    sum = _mm_add_epi32(w[t % 4], _mm_load_si128((const __m128i *)SHA256_K + t));
    x->cdgh = _mm_sha256rnds2_epu32(x->cdgh, x->abef, sum);
    x->abef = _mm_sha256rnds2_epu32(x->abef, x->cdgh, _mm_shuffle_epi32(sum, 0x0e));
}

/* A sixteenth of each digest's steps (of SHA-1 a little more, until it is through), side by side. */
#define SIXTEENTH(t)                                     \
    do {                                                 \
        if (HAS(MD5))                                    \
            md5_steps(&md5, p, t);                       \
        if (HAS(SHA1)) {                                 \
            sha1_steps(&sha1, p, (t) + (t) / 4);         \
            if ((t) % 4 == 3)                            \
                sha1_steps(&sha1, p, (t) + (t) / 4 + 1); \
        }                                                \
        if (HAS(SHA256))                                 \
            sha256_steps(&sha256, p, t);                 \
        if (HAS(SECOND))                                 \
            sha256_steps(&second, q, t);                 \
    } while (0)

#define HAS(slot) (which & 1 << (slot))

INLINE void sha256_begin(Sha256 *x, const uint32_t *words)
{ /* from a b c d and e f g h, lowest lane first, to f e b a and h g d c */
    __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)words), 0xb1);
    __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)words + 1), 0x1b);
    x->abef = _mm_alignr_epi8(badc, hgfe, 8);
    x->cdgh = _mm_blend_epi16(hgfe, badc, 0xf0);
}

INLINE void sha256_end(const Sha256 *x, uint32_t *words)
{
    __m128i abef = _mm_shuffle_epi32(x->abef, 0x1b), dchg = _mm_shuffle_epi32(x->cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)words, _mm_blend_epi16(abef, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)words + 1, _mm_alignr_epi8(dchg, abef, 8));
}

/* The loop over the blocks: of the second SHA-256 those at q, of the others those at p. `which` is a constant wherever
 * this is called, so that each set has a loop of its own. */
INLINE void advance(Chain *const chains[SLOTS], const uint8_t *p, const uint8_t *q, size_t blocks, const int which)
{
    Md5 md5 = {0, 0, 0, 0};
    Sha1 sha1 = {0};
    Sha256 sha256 = {0}, second = {0};
    if (HAS(MD5))
        memcpy(&md5, chains[MD5]->words, sizeof md5);
    if (HAS(SHA1)) { /* a in the highest lane; e alone in the highest lane of its own */
        sha1.abcd = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)chains[SHA1]->words), 0x1b);
        sha1.e = _mm_set_epi32((int)chains[SHA1]->words[4], 0, 0, 0);
    }
    if (HAS(SHA256))
        sha256_begin(&sha256, chains[SHA256]->words);
    if (HAS(SECOND))
        sha256_begin(&second, chains[SECOND]->words);
    for (; blocks; blocks--, p += BLOCK, q += HAS(SECOND) ? BLOCK : 0) {
        const Md5 md5_before = md5;
        const __m128i abcd = sha1.abcd, e = sha1.e, abef = sha256.abef, cdgh = sha256.cdgh;
        const __m128i second_abef = second.abef, second_cdgh = second.cdgh;
        SIXTEENTH(0);
        SIXTEENTH(1);
        SIXTEENTH(2);
        SIXTEENTH(3);
        SIXTEENTH(4);
        SIXTEENTH(5);
        SIXTEENTH(6);
        SIXTEENTH(7);
        SIXTEENTH(8);
        SIXTEENTH(9);
        SIXTEENTH(10);
        SIXTEENTH(11);
        SIXTEENTH(12);
        SIXTEENTH(13);
        SIXTEENTH(14);
        SIXTEENTH(15);
        md5.a += md5_before.a;
        md5.b += md5_before.b;
        md5.c += md5_before.c;
        md5.d += md5_before.d;
        sha1.e = _mm_sha1nexte_epu32(sha1.e, e);
        sha1.abcd = _mm_add_epi32(sha1.abcd, abcd);
        sha256.abef = _mm_add_epi32(sha256.abef, abef);
        sha256.cdgh = _mm_add_epi32(sha256.cdgh, cdgh);
        second.abef = _mm_add_epi32(second.abef, second_abef);
        second.cdgh = _mm_add_epi32(second.cdgh, second_cdgh);
    }
    if (HAS(MD5))
        memcpy(chains[MD5]->words, &md5, sizeof md5);
    if (HAS(SHA1)) {
        _mm_storeu_si128((__m128i *)chains[SHA1]->words, _mm_shuffle_epi32(sha1.abcd, 0x1b));
        chains[SHA1]->words[4] = (uint32_t)_mm_extract_epi32(sha1.e, 3);
    }
    if (HAS(SHA256))
        sha256_end(&sha256, chains[SHA256]->words);
    if (HAS(SECOND))
        sha256_end(&second, chains[SECOND]->words);
}

/* A function for each set, on a border of the instruction cache: in one for all, or anywhere, the loop of all four takes
 * a tenth longer. */
#define LOOP(which)                                                                               \
    WITH_SHA __attribute__((noinline, aligned(64))) static void advance_##which(                  \
        Chain *const chains[SLOTS], const uint8_t *p, const uint8_t *q, size_t blocks)            \
    {                                                                                             \
        advance(chains, p, q, blocks, which);                                                     \
    }

LOOP(1)
LOOP(2)
LOOP(3)
LOOP(4)
LOOP(5)
LOOP(6)
LOOP(7)
LOOP(12) /* never the second SHA-256 without the first */
LOOP(13)
LOOP(14)
LOOP(15)

static void advance_some(Chain *const chains[SLOTS], const uint8_t *p, const uint8_t *q, size_t blocks)
{
    static void (*const LOOPS[1 << SLOTS])(Chain *const[SLOTS], const uint8_t *, const uint8_t *, size_t) = {
        NULL, advance_1, advance_2, advance_3, advance_4, advance_5, advance_6, advance_7,
        NULL, NULL, NULL, NULL, advance_12, advance_13, advance_14, advance_15,
    };
    int set = 0;
    for (int slot = 0; slot < SLOTS; slot++)
        set |= (chains[slot] != NULL) << slot;
    LOOPS[set](chains, p, q, blocks);
}

/* By hand, as older compilers' __builtin_cpu_supports does not know "sha". */
static int capable(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1))
        return 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

#else

static void advance_some(Chain *const chains[SLOTS], const uint8_t *p, const uint8_t *q, size_t blocks)
{
    (void)chains, (void)p, (void)q, (void)blocks;
}

static int capable(void)
{
    return 0;
}

#endif

static int fused = 0; /* asked once, as virtual machines take their time over cpuid */

int digests_fused(void)
{
    fused = capable();
    return fused;
}

/* Advances all chains, given by kind, each with blocks to take in. */
static void advance_all(Chain *queues[KINDS])
{
    for (;;) {
        const Chain *lead = queues[MD5] ? queues[MD5] : queues[SHA1] ? queues[SHA1] : queues[SHA256];
        if (!lead)
            return;
        Chain *chains[SLOTS] = {NULL, NULL, NULL, NULL}; /* of each kind one that is where the lead is, then another */
        for (int kind = 0; kind < KINDS; kind++)
            if (queues[kind] && queues[kind]->at == lead->at)
                chains[kind] = queues[kind];
        if (chains[SHA256])
            chains[SECOND] = chains[SHA256]->next;
        size_t blocks = lead->blocks;
        for (int slot = 0; slot < SLOTS; slot++)
            if (chains[slot] && chains[slot]->blocks < blocks)
                blocks = chains[slot]->blocks;
        advance_some(chains, lead->at, chains[SECOND] ? chains[SECOND]->at : NULL, blocks);
        for (int slot = 0; slot < SLOTS; slot++)
            if (chains[slot]) {
                chains[slot]->at += blocks * BLOCK;
                chains[slot]->blocks -= blocks;
            }
        if (chains[SECOND] && !chains[SECOND]->blocks)
            chains[SHA256]->next = chains[SECOND]->next;
        for (int kind = 0; kind < KINDS; kind++)
            if (chains[kind] && !chains[kind]->blocks)
                queues[kind] = chains[kind]->next;
    }
}

/* What the caller gave for a chain. */
typedef struct {
    Py_buffer state, data;
} Given;

/* Takes one (state, data) pair; where it is refused nothing is held. */
static int take(PyObject *pair, Given *given)
{
    if (!PyTuple_Check(pair)) {
        PyErr_SetString(PyExc_TypeError, "parts: not all are tuples");
        return -1;
    }
    if (!PyArg_ParseTuple(pair, "w*y*:digest_blocks", &given->state, &given->data))
        return -1;
    if (given->state.len != 16 && given->state.len != 20 && given->state.len != 32)
        PyErr_Format(PyExc_ValueError, "state: %zd bytes, not 16, 20 or 32", given->state.len);
    else if (given->data.len % BLOCK)
        PyErr_Format(PyExc_ValueError, "data: %zd bytes are not whole blocks of %d", given->data.len, BLOCK);
    else
        return 0;
    PyBuffer_Release(&given->state);
    PyBuffer_Release(&given->data);
    return -1;
}

PyObject *digest_blocks(PyObject *module, PyObject *parts)
{
    (void)module;
    if (!fused) {
        PyErr_SetString(PyExc_NotImplementedError, "digest_blocks: this processor has no SHA instructions");
        return NULL;
    }
    if (!PyList_Check(parts)) {
        PyErr_SetString(PyExc_TypeError, "parts: not a list");
        return NULL;
    }
    PyObject *result = NULL;
    Py_ssize_t count = PyList_Size(parts), held = 0;
    Given *given = calloc((size_t)count + 1, sizeof *given);
    Chain *chains = calloc((size_t)count + 1, sizeof *chains), *queues[KINDS] = {NULL, NULL, NULL};
    Chain **ends[KINDS] = {&queues[MD5], &queues[SHA1], &queues[SHA256]};
    if (!given || !chains) {
        PyErr_NoMemory();
        goto done;
    }
    for (; held < count; held++) {
        PyObject *pair = PyList_GetItem(parts, held);
        if (!pair || take(pair, &given[held]))
            goto done;
        const Given *one = &given[held];
        Chain *chain = &chains[held];
        int kind = one->state.len == 16 ? MD5 : one->state.len == 20 ? SHA1 : SHA256;
        memcpy(chain->words, one->state.buf, (size_t)one->state.len);
        chain->at = one->data.buf;
        chain->blocks = (size_t)one->data.len / BLOCK;
        if (chain->blocks) {
            *ends[kind] = chain;
            ends[kind] = &chain->next;
        }
    }
    Py_BEGIN_ALLOW_THREADS
    advance_all(queues);
    Py_END_ALLOW_THREADS
    for (Py_ssize_t i = 0; i < count; i++)
        memcpy(given[i].state.buf, chains[i].words, (size_t)given[i].state.len);
    result = Py_NewRef(Py_None);
done:
    for (Py_ssize_t i = 0; i < held; i++) {
        PyBuffer_Release(&given[i].state);
        PyBuffer_Release(&given[i].data);
    }
    free(given);
    free(chains);
    return result;
}
