package io.aisle.batch.catalog;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts comma-separated values into rows and fields, line ends inside quotes kept. A quote that opens a field and is not closed, by a quote before a
 * comma or a line end, within the limit or before the end of the file, costs its own line only: reading goes on at the next.
 *
 * <p>The CSV parsers at hand (Spark's univocity, Jackson's) take all that follows such a quote for one field, or give up the file, and
 * keep no text of a broken row.
 */
final class CsvRows implements Closeable {
    /** More fields of a row than these are not kept. */
    static final int MAX_FIELDS = 10_000;

    private static final int BLOCK_CHARACTERS = 1 << 16;

    private final Reader in;
    private final int maxCharacters;
    private char[] block = new char[BLOCK_CHARACTERS];
    private int next;
    private int filled;
    // of block[0] in the file
    private long blockStart;
    // no quote before this position closes a field that has been opened: each long way is gone once
    private long noCloseBefore;
    private boolean isCut;
    private final StringBuilder field = new StringBuilder();
    private List<String> fields = List.of();

    CsvRows(Reader in, int maxCharacters) {
        this.in = in;
        this.maxCharacters = maxCharacters;
    }

    /** Whether the row last given is not whole, because it was too long or its quote is not closed. */
    boolean isCut() {
        return isCut;
    }

    /** The fields of the row last given, where it is whole: without the quotes around them, and with a doubled one as one. */
    List<String> fields() {
        return fields;
    }

    /** The text of the next row without its line end, null after the last. */
    String next() throws IOException {
        isCut = false;
        fields = new ArrayList<>();
        field.setLength(0);
        StringBuilder row = new StringBuilder();
        boolean atFieldStart = true;
        int c = read();
        if (c < 0) {
            return null;
        }
        long begun = blockStart + next - 1;
        while (c >= 0 && c != '\n') {
            if (atFieldStart && c == '"') {
                row.append('"');
                if (!readQuoted(row, begun)) {
                    return firstLine(row, begun);
                }
                atFieldStart = false;
            } else {
                atFieldStart = c == ',';
                row.append((char) c);
                if (atFieldStart) {
                    endField();
                } else {
                    field.append((char) c);
                }
                if (row.length() > maxCharacters) {
                    return firstLine(row, begun);
                }
            }
            c = read();
        }
        String text = withoutReturn(row);
        field.setLength(field.length() - (row.length() - text.length()));
        endField();
        return text;
    }

    private void endField() {
        if (fields.size() <= MAX_FIELDS) {
            fields.add(field.toString());
        }
        field.setLength(0);
    }

    /** Reads to the quote that closes the field, and takes it; false where there is none. */
    private boolean readQuoted(StringBuilder row, long begun) throws IOException {
        boolean isPastOpening = false;
        while (row.length() <= maxCharacters) {
            int c = read();
            if (c < 0) {
                noCloseBefore = Long.MAX_VALUE;
                return false;
            }
            row.append((char) c);
            if (c == '"') {
                int after = peek();
                if (after == '"') {
                    row.append((char) read());
                } else if (after < 0 || after == ',' || after == '\n' || after == '\r') {
                    return true;
                }
            } else if (!isPastOpening) {
                // the quotes ahead are those that closed nothing when an earlier quote was looked at
                isPastOpening = true;
                if (noCloseBefore - begun > maxCharacters) {
                    return false;
                }
            }
            field.append((char) c);
        }
        noCloseBefore = Math.max(noCloseBefore, blockStart + next);
        return false;
    }

    /** Gives the first line of what was read, and reads the rest again. */
    private String firstLine(StringBuilder row, long begun) throws IOException {
        isCut = true;
        int lineEnd = row.indexOf("\n");
        while (lineEnd < 0) {
            int c = read();
            if (c < 0 || c == '\n') {
                return withoutReturn(row);
            }
            if (row.length() <= maxCharacters) {
                row.append((char) c);
            }
        }
        char[] again = new char[Math.max(BLOCK_CHARACTERS, row.length() - lineEnd - 1 + filled - next)];
        row.getChars(lineEnd + 1, row.length(), again, 0);
        int read = row.length() - lineEnd - 1;
        System.arraycopy(block, next, again, read, filled - next);
        blockStart = begun + lineEnd + 1;
        filled = read + filled - next;
        next = 0;
        block = again;
        row.setLength(lineEnd);
        return withoutReturn(row);
    }

    private static String withoutReturn(StringBuilder row) {
        int length = row.length();
        return length > 0 && row.charAt(length - 1) == '\r' ? row.substring(0, length - 1) : row.toString();
    }

    private int read() throws IOException {
        int c = peek();
        if (c >= 0) {
            next++;
        }
        return c;
    }

    private int peek() throws IOException {
        if (next == filled) {
            blockStart += filled;
            next = 0;
            block = block.length > BLOCK_CHARACTERS ? new char[BLOCK_CHARACTERS] : block;
            filled = Math.max(0, in.read(block, 0, block.length));
        }
        return next < filled ? block[next] : -1;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
