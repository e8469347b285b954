package io.aisle.batch.catalog;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * What one task reads of a file.
 *
 * @param uri of the file
 * @param start first byte
 * @param end byte after the last; {@link Long#MAX_VALUE} for all there are
 */
record FileSlice(String uri, long start, long end) implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    static FileSlice whole(String uri) {
        return new FileSlice(uri, 0, Long.MAX_VALUE);
    }

    /** Whether the name of a file says that it is compressed, so that it can only be read from its beginning. */
    static boolean isCompressed(String uri, Configuration configuration) {
        return codec(uri, configuration) != null;
    }

    private static CompressionCodec codec(String uri, Configuration configuration) {
        return new CompressionCodecFactory(configuration).getCodec(new Path(uri));
    }

    /** The records of this slice, read by the shape that the format and the file's first character give. */
    RecordCutter open(CatalogSettings settings, Configuration configuration) throws IOException {
        InputStream in = stream(configuration);
        try {
            HeadStream stream = new HeadStream(in);
            return settings.format() == CatalogFormat.CSV
                    ? new CsvCutter(uri, reader(stream), settings.limits())
                    : json(in, stream, settings.limits());
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** The records of a JSON file: an array's elements, all of them to the first slice, or lines. */
    private RecordCutter json(InputStream in, HeadStream stream, CatalogSettings.Limits limits) throws IOException {
        if (stream.firstCharacter() == '[') {
            return start > 0 ? new NoRecords(in) : new ArrayCutter(reader(stream), limits);
        }
        if (start == 0) {
            return new LineCutter(stream, 0, end, limits);
        }
        // not compressed, or it would not have been cut
        ((FSDataInputStream) in).seek(start - 1);
        return new LineCutter(in, start, end, limits);
    }

    /** Decompressed where its name says so. */
    InputStream stream(Configuration configuration) throws IOException {
        Path path = new Path(uri);
        FSDataInputStream in = path.getFileSystem(configuration).open(path);
        try {
            CompressionCodec codec = codec(uri, configuration);
            return codec == null ? in : codec.createInputStream(new StoredBytes(in));
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** UTF-8 without its byte order mark; what is not UTF-8 becomes U+FFFD. */
    static Reader reader(InputStream in) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), BUFFER_BYTES);
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
        return reader;
    }

    /** Whether a failure lies in the bytes of the file, not in the way to them, which another attempt may find open. */
    boolean isCorruption(IOException e, Configuration configuration) {
        return e instanceof ArrayCutter.CutOffException
                || (isCompressed(uri, configuration)
                        && !(e instanceof NotReadException)
                        && !(e instanceof FileNotFoundException));
    }

    /** The storage did not give the bytes of a file. */
    static final class NotReadException extends IOException {
        private static final long serialVersionUID = 1L;

        private NotReadException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** The bytes of a compressed file as they are stored: tells what goes wrong here from what goes wrong in decompressing them. */
    private static final class StoredBytes extends FilterInputStream {
        private StoredBytes(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (IOException e) {
                throw new NotReadException(e);
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return in.read(bytes, offset, length);
            } catch (IOException e) {
                throw new NotReadException(e);
            }
        }
    }

    private record NoRecords(InputStream in) implements RecordCutter {
        @Override
        public CutRecord next() {
            return null;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
