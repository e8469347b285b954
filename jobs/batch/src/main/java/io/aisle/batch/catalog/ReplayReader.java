package io.aisle.batch.catalog;

import java.io.IOException;
import java.io.Reader;

/** Keeps what it handed out from a position on, so that it can be looked at, or read, again. Positions count characters. */
final class ReplayReader extends Reader {
    private static final int FORGOTTEN_AT_ONCE = 1 << 15;
    private static final int BLOCK_CHARACTERS = 1 << 13;

    private final Reader in;
    private final int maxKept;
    private final StringBuilder kept = new StringBuilder();
    private long keptFrom;
    private int next;
    private String prefix = "";

    /** @param maxKept characters above which no more are handed out */
    ReplayReader(Reader in, int maxKept) {
        this.in = in;
        this.maxKept = maxKept;
    }

    /** More would have had to be kept than may be. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        if (!prefix.isEmpty() && length > 0) {
            int copied = Math.min(length, prefix.length());
            prefix.getChars(0, copied, buffer, offset);
            prefix = prefix.substring(copied);
            return copied;
        }
        if (next == kept.length()) {
            if (kept.length() > maxKept) {
                throw new TooLongException();
            }
            int read = in.read(buffer, offset, length);
            kept.append(buffer, offset, Math.max(read, 0));
            next = kept.length();
            return read;
        }
        int copied = Math.min(length, kept.length() - next);
        kept.getChars(next, next + copied, buffer, offset);
        next += copied;
        return copied;
    }

    /** What lies before the position is not needed any more. */
    void forgetBefore(long position) {
        int forgotten = (int) Math.min(next, position - keptFrom);
        if (forgotten >= FORGOTTEN_AT_ONCE) {
            kept.delete(0, forgotten);
            keptFrom += forgotten;
            next -= forgotten;
        }
    }

    /** Hands out a text, and then what follows the position. */
    void restart(String before, long position) {
        prefix = before;
        next = Math.toIntExact(position - keptFrom);
    }

    /** Where a text begins, at or after a position, looked for to the end of the file; -1 where it does not. */
    long find(String text, long from) throws IOException {
        int at = kept.indexOf(text, Math.toIntExact(from - keptFrom));
        char[] block = new char[BLOCK_CHARACTERS];
        int overlap = text.length() - 1;
        long searched = Math.max(from, end() - overlap);
        while (at < 0) {
            int read = in.read(block, 0, block.length);
            if (read < 0) {
                next = kept.length();
                return -1;
            }
            // what is in the middle of a long stretch is not needed to go on from its end
            if (kept.length() > maxKept) {
                keptFrom += kept.length() - overlap;
                kept.delete(0, kept.length() - overlap);
            }
            kept.append(block, 0, read);
            at = kept.indexOf(text, Math.toIntExact(searched - keptFrom));
            searched = Math.max(from, end() - overlap);
        }
        return keptFrom + at;
    }

    /** Whether the text from a position on is still there. */
    boolean keeps(long position) {
        return position >= keptFrom;
    }

    /** What was read between two positions, at most a number of characters of it; the part that is still kept. */
    String text(long from, long to, int maxCharacters) {
        int first = Math.toIntExact(Math.max(0, from - keptFrom));
        int last = Math.toIntExact(Math.min(kept.length(), to - keptFrom));
        return kept.substring(Math.min(first, last), Math.min(last, Math.min(first, last) + maxCharacters));
    }

    /** The position after all that was read from the file so far. */
    long end() {
        return keptFrom + kept.length();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
