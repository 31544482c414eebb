// The chat button that a business puts on its own site:
//   <script src="https://office.example/widget.js" data-inbox="inb_…" async></script>
// The page isn't ours: no cookies, one global, markup in a shadow root, data only as text nodes.

const WORDS = {
	en: {
		you: 'You', open: 'Open chat', close: 'Close', log: 'Messages', unread: 'unread',
		write: 'Write a message…', send: 'Send', sending: 'Sending…', sent: 'Sent', read: 'Read',
		delivered: 'Delivered', failed: 'Not sent', retry: 'Try again', remove: 'Delete',
		latest: 'Latest messages',
		connecting: 'Connecting…',
		offline: 'You are offline. Messages will be sent when you are back.',
		typing: '{} is typing…', talking: '{} is answering you',
	},
	ru: {
		you: 'Вы', open: 'Открыть чат', close: 'Закрыть', log: 'Сообщения',
		unread: 'не прочитано', write: 'Напишите сообщение…', send: 'Отправить',
		sending: 'Отправляется…', sent: 'Отправлено', read: 'Прочитано', delivered: 'Доставлено',
		failed: 'Не отправлено', retry: 'Повторить', remove: 'Удалить',
		latest: 'Последние сообщения',
		connecting: 'Соединяемся…',
		offline: 'Нет сети. Сообщения уйдут, когда она появится.',
		typing: '{} печатает…', talking: 'Вам отвечает {}',
	},
};
