package io.aisle.core.text;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of one field as far as they can matter, and how many of them are taken.
 *
 * <p>Words are taken whole, in order; only the first may be taken in part, piece by piece, so that any budget above 0 gives the
 * field a piece.
 */
final class FieldWords {
    private final String text;
    private final WordPieceTokenizer tokenizer;
    private final List<int[]> pieces = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>();
    private int need;
    private boolean complete = true;
    private int words;
    private int piecesOfFirst;
    private int taken;

    /** Reads words until they hold more than {@code room} pieces. */
    FieldWords(String text, WordPieceTokenizer tokenizer, int room) {
        this.text = text;
        this.tokenizer = tokenizer;
        BasicTokenizer cursor = new BasicTokenizer(text);
        while (cursor.next()) {
            if (need > room) {
                complete = false;
                break;
            }
            int[] ids = tokenizer.pieces(cursor);
            if (ids.length > 0) {
                pieces.add(ids);
                ends.add(cursor.end());
                need += ids.length;
            }
        }
    }

    /** Pieces of the whole field, or any number above the room. */
    int need() {
        return need;
    }

    /** Pieces taken so far. */
    int taken() {
        return taken;
    }

    /** Takes as much more as {@code budget} pieces allow. */
    void take(int budget) {
        int left = budget;
        if (!pieces.isEmpty() && piecesOfFirst < pieces.get(0).length) {
            int more = Math.min(left, pieces.get(0).length - piecesOfFirst);
            piecesOfFirst += more;
            taken += more;
            left -= more;
            words = 1;
        }
        while (words > 0 && words < pieces.size() && pieces.get(words).length <= left) {
            int more = pieces.get(words).length;
            taken += more;
            left -= more;
            words++;
        }
    }

    /** The part of the field that was taken; its ids are those of {@link #appendTo}. */
    String takenText() {
        if (words == pieces.size() && complete && taken == need) {
            return text;
        }
        if (words == 1 && piecesOfFirst < pieces.get(0).length) {
            return tokenizer.spelling(pieces.get(0), piecesOfFirst);
        }
        return text.substring(0, ends.get(words - 1));
    }

    void appendTo(WordPieceTokenizer.Ids ids) {
        for (int word = 0; word < words; word++) {
            int[] all = pieces.get(word);
            ids.addFirst(all, word == 0 ? piecesOfFirst : all.length);
        }
    }
}
