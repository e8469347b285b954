package io.aisle.training;

import io.aisle.core.UserException;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Records of bytes in a local file that is mapped into memory: the heap holds 8 bytes a record, whatever its length. Each has its length
 * before it, 4 bytes, big-endian. May be shared by threads.
 */
public final class RecordFile {
    /** A mapping cannot be longer than 2 GB; a record begins in the window that its place divided by this names. */
    private static final long WINDOW = 1L << 30;

    private final long[] places;
    private final long window;
    private final MappedByteBuffer[] windows;

    private RecordFile(long[] places, long window, MappedByteBuffer[] windows) {
        this.places = places;
        this.window = window;
        this.windows = windows;
    }

    /** Starts a file. */
    public static Writer write(Path file) {
        return new Writer(file);
    }

    /** Opens a file that was written, here or elsewhere. */
    public static RecordFile open(Path file) {
        return open(file, WINDOW);
    }

    static RecordFile open(Path file, long window) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long length = channel.size();
            MappedByteBuffer[] windows = new MappedByteBuffer[Math.toIntExact(length / window) + 1];
            for (int i = 0; i < windows.length; i++) {
                // twice as long as records begin in it, so that none is cut
                long from = i * window;
                windows[i] =
                        channel.map(FileChannel.MapMode.READ_ONLY, from, Math.min(length - from, Integer.MAX_VALUE));
            }
            long[] places = new long[1024];
            int records = 0;
            for (long place = 0; place < length; records++) {
                if (records == places.length) {
                    places = Arrays.copyOf(places, 2 * records);
                }
                places[records] = place;
                place += Integer.BYTES + windows[(int) (place / window)].getInt((int) (place % window));
            }
            return new RecordFile(Arrays.copyOf(places, records), window, windows);
        } catch (IOException e) {
            throw notUsable("read", file, e);
        }
    }

    /** How many records there are. */
    public int size() {
        return places.length;
    }

    /** One record: a view of the file, big-endian. */
    public ByteBuffer record(int record) {
        MappedByteBuffer bytes = windows[(int) (places[record] / window)];
        int offset = (int) (places[record] % window);
        return bytes.slice(offset + Integer.BYTES, bytes.getInt(offset));
    }

    private static UserException notUsable(String verb, Path file, IOException cause) {
        return new UserException(
                "Cannot " + verb + " rows in " + file + ": found " + cause
                        + ", expected room on this machine's disk. Name a larger one by spark.local.dir.",
                cause);
    }

    /** Takes records in their order; a failure to write is one of the machine. */
    public static final class Writer implements AutoCloseable {
        private final Path file;
        private final DataOutputStream out;

        private Writer(Path file) {
            this.file = file;
            try {
                this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
            } catch (IOException e) {
                throw notUsable("write", file, e);
            }
        }

        /** Adds a record: what remains of the buffer. */
        public void add(ByteBuffer record) {
            try {
                out.writeInt(record.remaining());
                out.write(record.array(), record.arrayOffset() + record.position(), record.remaining());
            } catch (IOException e) {
                throw notUsable("write", file, e);
            }
        }

        /** Ends the file and opens it. It may be deleted from then on where the system lets go of names only. */
        public RecordFile open() {
            return open(WINDOW);
        }

        RecordFile open(long window) {
            close();
            return RecordFile.open(file, window);
        }

        @Override
        public void close() {
            try {
                out.close();
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot close " + file, e);
            }
        }
    }
}
