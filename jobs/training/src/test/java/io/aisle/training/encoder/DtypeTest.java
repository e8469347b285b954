package io.aisle.training.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Zeros, subnormals, normal numbers, infinities and NaNs; the wanted bits follow from IEEE 754. */
class DtypeTest {
    @ParameterizedTest
    @CsvSource({
        "0000, 00000000",
        "8000, 80000000",
        "0001, 33800000",
        "8001, b3800000",
        "0200, 38000000",
        "03ff, 387fc000",
        "0400, 38800000",
        "3555, 3eaaa000",
        "3c00, 3f800000",
        "c000, c0000000",
        "7bff, 477fe000",
        "7c00, 7f800000",
        "fc00, ff800000",
        "7e00, 7fc00000",
        "7d01, 7fa02000"
    })
    void readsHalfPrecisionExactly(String half, String wanted) {
        assertThat(decoded(Dtype.F16, half)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource({
        "0000, 00000000",
        "8000, 80000000",
        "0001, 00010000",
        "807f, 807f0000",
        "0080, 00800000",
        "3f80, 3f800000",
        "c049, c0490000",
        "7f7f, 7f7f0000",
        "7f80, 7f800000",
        "ff80, ff800000",
        "7fc0, 7fc00000"
    })
    void readsBrainFloatsExactly(String half, String wanted) {
        assertThat(decoded(Dtype.BF16, half)).isEqualTo(wanted);
    }

    @Test
    void everyHalfIsTheNumberThatItsPartsSay() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            int exponent = (bits >> 10) & 31;
            int fraction = bits & 1023;
            double size = exponent == 0
                    ? fraction / 1024.0 * Math.pow(2, -14)
                    : (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
            if (exponent < 31) {
                float found = Float.intBitsToFloat(
                        Integer.parseUnsignedInt(decoded(Dtype.F16, Integer.toHexString(bits)), 16));
                assertThat((double) found).isEqualTo(bits >= 1 << 15 ? -size : size);
            }
        }
    }

    private static String decoded(Dtype dtype, String bits) {
        ByteBuffer source = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
        source.putShort(0, (short) Integer.parseInt(bits, 16));
        float[] values = new float[2];
        dtype.decode(source, values, 1);
        return String.format(Locale.ROOT, "%08x", Float.floatToRawIntBits(values[1]));
    }
}
