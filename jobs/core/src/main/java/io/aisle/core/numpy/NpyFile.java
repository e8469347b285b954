package io.aisle.core.numpy;

import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.FloatBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Arrays of one dimension as NumPy writes them: the format .npy, version 1.0, little-endian (NumPy Enhancement Proposal 1), so that
 * {@code numpy.load} reads a model's weights. Readers map a file into memory; one holds 2 GB at most.
 */
public final class NpyFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    /** Magic, length of the rest, and the rest filled up with spaces. */
    private static final int HEADER = 128;

    private static final String FLOAT32 = "<f4";
    private static final String INT64 = "<i8";
    private static final String INT32 = "<i4";
    private static final String UINT16 = "<u2";
    private static final String BOOLEAN = "|b1";

    private NpyFile() {}

    /** Numbers of type float32. */
    public static Writer writeFloats(Path file) throws IOException {
        return new Writer(file, FLOAT32, Float.BYTES);
    }

    /** Numbers of type int64. */
    public static Writer writeLongs(Path file) throws IOException {
        return new Writer(file, INT64, Long.BYTES);
    }

    /** Numbers of 16 bits without a sign. */
    public static Writer writeChars(Path file) throws IOException {
        return new Writer(file, UINT16, Character.BYTES);
    }

    /** Numbers of type int32. */
    public static Writer writeInts(Path file) throws IOException {
        return new Writer(file, INT32, Integer.BYTES);
    }

    /** What is true or not, a byte each. */
    public static Writer writeBooleans(Path file) throws IOException {
        return new Writer(file, BOOLEAN, Byte.BYTES);
    }

    /** The int32 numbers of a file, however many they are. */
    public static int[] ints(Path file) throws IOException {
        int[] ints = new int[length(file, Integer.BYTES)];
        map(file, INT32, Integer.BYTES, ints.length).asIntBuffer().get(ints);
        return ints;
    }

    /** What is true or not in a file, so often. */
    public static boolean[] booleans(Path file, int expected) throws IOException {
        ByteBuffer mapped = map(file, BOOLEAN, Byte.BYTES, expected);
        boolean[] booleans = new boolean[expected];
        for (int i = 0; i < expected; i++) {
            booleans[i] = mapped.get(i) != 0;
        }
        return booleans;
    }

    /** The numbers of 16 bits of a file, which are so many. */
    public static char[] chars(Path file, int expected) throws IOException {
        char[] chars = new char[expected];
        mapChars(file, expected).get(chars);
        return chars;
    }

    private static int length(Path file, int width) throws IOException {
        return Math.toIntExact(Math.max(0, Files.size(file) - HEADER) / width);
    }

    /** The float32 numbers of a file, which are so many. */
    public static float[] floats(Path file, int expected) throws IOException {
        FloatBuffer mapped = mapFloats(file, expected);
        float[] floats = new float[expected];
        mapped.get(floats);
        return floats;
    }

    /** The int64 numbers of a file, which are so many. */
    public static long[] longs(Path file, int expected) throws IOException {
        ByteBuffer mapped = map(file, INT64, Long.BYTES, expected);
        long[] longs = new long[expected];
        mapped.asLongBuffer().get(longs);
        return longs;
    }

    /** A file of so many float32, mapped. */
    public static FloatBuffer mapFloats(Path file, long expected) throws IOException {
        return map(file, FLOAT32, Float.BYTES, expected).asFloatBuffer();
    }

    /** A file of so many numbers of 16 bits without a sign, mapped. */
    public static CharBuffer mapChars(Path file, long expected) throws IOException {
        return map(file, UINT16, Character.BYTES, expected).asCharBuffer();
    }

    private static ByteBuffer map(Path file, String type, int width, long expected) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = HEADER + width * expected;
            byte[] header = header(type, expected);
            byte[] found = Channels.newInputStream(channel).readNBytes(HEADER);
            if (channel.size() != size || !Arrays.equals(header, found)) {
                throw new UserException("Cannot read " + file + ": found " + channel.size() + " bytes, expected " + size
                        + ", an array of " + expected + " numbers of type " + type
                        + ". It is damaged or of another model: copy the bundle again, or train again.");
            }
            if (size > Integer.MAX_VALUE) {
                throw tooLarge(file, size);
            }
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, HEADER, size - HEADER);
            return mapped.order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    private static byte[] header(String type, long length) {
        String entries = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + length + ",), }";
        ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).putShort((short) (HEADER - MAGIC.length - Short.BYTES));
        header.put(entries.getBytes(StandardCharsets.US_ASCII));
        while (header.remaining() > 1) {
            header.put((byte) ' ');
        }
        return header.put((byte) '\n').array();
    }

    private static UserException tooLarge(Path file, long bytes) {
        return new UserException("Cannot keep " + file.getFileName() + ": found " + bytes + " bytes, expected at most "
                + Integer.MAX_VALUE + ". Train with fewer features, trees or labels.");
    }

    /** Writes one array, number by number. */
    public static final class Writer implements AutoCloseable {
        private final Path file;
        private final String type;
        private final FileChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        private final int width;
        private long length;

        private Writer(Path file, String type, int width) throws IOException {
            this.file = file;
            this.type = type;
            this.width = width;
            this.channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            channel.position(HEADER);
        }

        /** Adds a number to a file of such. */
        public void add(float value) throws IOException {
            makeRoom();
            buffer.putFloat(value);
        }

        /** Adds a number to a file of such. */
        public void add(long value) throws IOException {
            makeRoom();
            buffer.putLong(value);
        }

        /** Adds a number to a file of such. */
        public void add(char value) throws IOException {
            makeRoom();
            buffer.putChar(value);
        }

        /** Adds a number to a file of such. */
        public void add(int value) throws IOException {
            makeRoom();
            buffer.putInt(value);
        }

        /** Adds what is true or not to a file of such. */
        public void add(boolean value) throws IOException {
            makeRoom();
            buffer.put((byte) (value ? 1 : 0));
        }

        private void makeRoom() throws IOException {
            if (buffer.remaining() < width) {
                flush();
            }
            length++;
            if (HEADER + width * length > Integer.MAX_VALUE) {
                throw tooLarge(file, HEADER + width * length);
            }
        }

        private void flush() throws IOException {
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        }

        /** Writes what is left, and the header. */
        @Override
        public void close() throws IOException {
            try (channel) {
                flush();
                channel.position(0);
                channel.write(ByteBuffer.wrap(header(type, length)));
            }
        }
    }
}
