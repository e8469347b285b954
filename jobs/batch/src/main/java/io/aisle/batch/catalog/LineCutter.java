package io.aisle.batch.catalog;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The lines of a byte range: those that begin in it. So the ranges of a file give each of its lines once. Blank lines are left out, a
 * line longer than the limit is cut and the rest of it passed over.
 */
final class LineCutter implements RecordCutter {
    private static final int BLOCK_BYTES = 1 << 16;

    private final InputStream in;
    private final long end;
    private final CatalogSettings.Limits limits;
    private final byte[] block = new byte[BLOCK_BYTES];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long position;
    private int next;
    private int filled;

    /**
     * @param in stands at start, or, where start is above 0, one byte before it
     * @param end the position that no line may begin at or after
     */
    LineCutter(InputStream in, long start, long end, CatalogSettings.Limits limits) throws IOException {
        this.in = in;
        this.end = end;
        this.limits = limits;
        this.position = start;
        if (start > 0) {
            // the line under way at the start belongs to the range before, unless it has just ended
            position = start - 1;
            readLine();
        }
    }

    @Override
    public CutRecord next() throws IOException {
        while (position < end) {
            long begun = position;
            int bytes = readLine();
            if (bytes < 0) {
                return null;
            }
            if (bytes > limits.recordCharacters()) {
                return CutRecord.unusable(
                        line.toString(StandardCharsets.UTF_8),
                        QuarantineReason.OVER_LONG_FIELD,
                        "the line at byte " + begun + " has " + (position - begun) + " bytes, expected at most "
                                + limits.recordCharacters());
            }
            String text = line.toString(StandardCharsets.UTF_8);
            if (!JsonRecords.isBlank(text)) {
                return CutRecord.text(text);
            }
        }
        return null;
    }

    /** Reads a line into {@link #line}; returns its length, capped a little above the limit, or -1 at the end of the file. */
    private int readLine() throws IOException {
        line.reset();
        long length = 0;
        boolean isEmpty = true;
        while (true) {
            if (next == filled) {
                next = 0;
                filled = Math.max(0, in.read(block, 0, BLOCK_BYTES));
                if (filled == 0) {
                    return isEmpty ? -1 : (int) Math.min(length, Integer.MAX_VALUE);
                }
            }
            isEmpty = false;
            int from = next;
            while (next < filled && block[next] != '\n') {
                next++;
            }
            int kept = (int) Math.min(next - from, Math.max(0, limits.recordCharacters() - length));
            line.write(block, from, kept);
            length += next - from;
            position += next - from;
            if (next < filled) {
                next++;
                position++;
                return (int) Math.min(length, Integer.MAX_VALUE);
            }
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
