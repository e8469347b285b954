package io.aisle.training.encoder;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The types that a safetensors file may hold. Those that are read as float32 lose nothing on the way. */
enum Dtype {
    F32(4),
    F16(2),
    BF16(2),
    BOOL(1),
    U8(1),
    I8(1),
    F8_E4M3(1),
    F8_E5M2(1),
    U16(2),
    I16(2),
    U32(4),
    I32(4),
    U64(8),
    I64(8),
    F64(8);

    /** Those that are read. */
    static final List<Dtype> FLOATS = List.of(F32, F16, BF16);

    private final int bytes;

    Dtype(int bytes) {
        this.bytes = bytes;
    }

    static Optional<Dtype> of(String name) {
        return Arrays.stream(values())
                .filter(dtype -> dtype.name().equals(name))
                .findFirst();
    }

    /** The width of one value. */
    int bytes() {
        return bytes;
    }

    /** Whether it can be decoded. */
    boolean isFloat() {
        return FLOATS.contains(this);
    }

    /**
     * Decodes all values that are left.
     *
     * @param source little-endian
     * @param start where in {@code values} the first goes
     */
    void decode(ByteBuffer source, float[] values, int start) {
        int count = source.remaining() / bytes;
        switch (this) {
            case F32 -> source.asFloatBuffer().get(values, start, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    values[start + i] = half(source.getShort());
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    values[start + i] = Float.intBitsToFloat(source.getShort() << 16);
                }
            }
            default -> throw new IllegalStateException("Cannot decode " + this + ", expected one of " + FLOATS);
        }
    }

    /** The binary16 of IEEE 754: 1 bit of sign, 5 of exponent (bias 15), 10 of fraction. */
    private static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >>> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            // zero or subnormal: a multiple of 2^-24
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
        }
        int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | (wide << 23) | (fraction << 13));
    }
}
