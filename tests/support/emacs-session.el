;;; A session of Emacs with `zr lsp', without a screen. Each step is written down as a user would see it.  -*- lexical-binding: t -*-
;;; Environment: SETUP a file with the settings of docs/lsp.md, ROOT the project, OUT where the transcript goes.

(setq make-backup-files nil auto-save-default nil create-lockfiles nil inhibit-message t)
(unless (fboundp 'eglot) (require 'package) (package-initialize))
(require 'eglot)
(setq eglot-sync-connect 30 eglot-autoshutdown nil flymake-no-changes-timeout 0.01)
;; As if every command came from the keyboard; else a menu would pop up.
(setq last-nonmenu-event ?x)
(load (getenv "SETUP") nil t)

(defvar session-lines nil)
(defun say (format &rest arguments)
  (push (apply #'format format arguments) session-lines))
(defun finish ()
  (with-temp-file (getenv "OUT")
    (insert (mapconcat #'identity (reverse session-lines) "\n") "\n"))
  (kill-emacs 0))
(defun wait-until (what holds)
  (let ((end (+ (float-time) 20)))
    (while (not (funcall holds))
      (when (> (float-time) end) (error "waited for %s" what))
      ;; What Emacs does when nobody has pressed a key for a moment; without a screen it never is idle.
      (eglot--signal-textDocument/didChange)
      (flymake-start)
      (accept-process-output nil 0.02))))
(defun problems ()
  (mapcar (lambda (one)
            (format "%d:%d %s" (line-number-at-pos (flymake-diagnostic-beg one))
                    (save-excursion (goto-char (flymake-diagnostic-beg one)) (1+ (current-column)))
                    (flymake-diagnostic-text one)))
          (sort (flymake-diagnostics) (lambda (a b) (< (flymake-diagnostic-beg a) (flymake-diagnostic-beg b))))))
(defun go-to (text &optional shift)
  (goto-char (point-min))
  (search-forward text)
  (goto-char (+ (match-beginning 0) (or shift 0))))

(condition-case problem
    (progn
      (say "-- open packages/web/zr.toml")
      (find-file (expand-file-name "packages/web/zr.toml" (getenv "ROOT")))
;; What Emacs does after every command; without a screen there is none.
      (run-hooks 'post-command-hook)
      (wait-until "problems" (lambda () (= 2 (length (flymake-diagnostics)))))
      (mapc (lambda (line) (say "%s" line)) (problems))

      (say "\n-- eldoc on the task 'build'")
      (go-to "build]")
      (let (shown)
        (eglot-hover-eldoc-function (lambda (text &rest _) (setq shown (substring-no-properties text))))
        (wait-until "a hover" (lambda () shown))
        (say "%s" (replace-regexp-in-string "\n+" "\n" (replace-regexp-in-string "^```.*$\\|\\*\\*" "" shown))))

      (say "\n-- completion-at-point in deps of 'test'")
      (go-to "buld" 0)
      (let* ((offered (nth 2 (eglot-completion-at-point)))
             (order (completion-metadata-get (completion-metadata "" offered nil) 'display-sort-function)))
        (say "%s" (mapconcat #'substring-no-properties
                             (seq-take (funcall order (all-completions "" offered)) 5) "  ")))

      (say "\n-- eglot-code-actions on 'buld'")
      (cl-letf (((symbol-function 'completing-read)
                 (lambda (_prompt actions &rest _)
                   (mapc (lambda (action) (say "%s" (if (consp action) (car action) action))) actions)
                   (let ((first (car actions))) (if (consp first) (car first) first)))))
        (go-to "buld")
        (eglot-code-actions (point) (point) nil t))
      (go-to "deps = [\"build")
      (say "%s" (buffer-substring (line-beginning-position) (line-end-position)))
      (wait-until "what is left" (lambda () (= 1 (length (flymake-diagnostics)))))

      (say "\n-- xref-find-definitions of ^build")
      (go-to "^build" 2)
      (let ((here (current-buffer)))
        (xref-find-definitions "LSP identifier at point.")
        (say "%s:%d" (file-relative-name buffer-file-name (getenv "ROOT")) (line-number-at-pos))
        (switch-to-buffer here))

      (say "\n-- eglot-rename 'build' to 'compile', eglot-format-buffer")
      (go-to "build]")
      (eglot-rename "compile")
      (eglot-format-buffer)
      (say "%s" (string-trim-right (buffer-string)))

      (say "\n-- what is left")
      (wait-until "what is left" (lambda () (= 1 (length (flymake-diagnostics)))))
      (mapc (lambda (line) (say "%s" line)) (problems)))
  (error (say "failed: %S" problem)))
(finish)
